// A list that shows only what holds the text of its search box.

/** Filter each list that a search box names. */
export function filterLists(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("input[data-filter]")) {
    const list = document.getElementById(box.dataset["filter"] ?? "");
    if (list !== null) box.addEventListener("input", () => filter(list, box.value));
  }
}

function filter(list: HTMLElement, text: string): void {
  const wanted = text.trim().toLowerCase();
  for (const group of list.children) {
    const whole = (group.querySelector("b")?.textContent ?? "").toLowerCase().includes(wanted);
    let shown = 0;
    for (const item of group.querySelectorAll<HTMLElement>("li")) {
      item.hidden = !whole && !(item.textContent ?? "").toLowerCase().includes(wanted);
      shown += Number(!item.hidden);
    }
    if (group instanceof HTMLElement) group.hidden = shown === 0 && group.querySelector("li") !== null;
  }
}
