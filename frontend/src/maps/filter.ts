// A box above each list marked data-filter that hides what does not hold all words typed.
export function addFilters(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-filter]")) {
    const items = [...list.querySelectorAll<HTMLElement>(list.dataset["items"] ?? "tbody tr")];
    if (items.length > 5) {
      addFilter(list, items);
    }
  }
}

function addFilter(list: HTMLElement, items: readonly HTMLElement[]): void {
  const label = document.createElement("label");
  label.className = "quick-label";
  label.append(list.dataset["filter"] ?? "Filter");
  const box = document.createElement("input");
  box.type = "search";
  box.className = "quick";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  label.append(box);
  const row = document.createElement("div");
  row.className = "quick-label";
  row.append(label, said);
  (list.closest(".wide") ?? list).before(row);
  const texts = items.map((item) => plain(item.textContent ?? ""));
  box.addEventListener("input", () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, at) => {
      item.hidden = !words.every((word) => texts[at]?.includes(word));
      shown += item.hidden ? 0 : 1;
    });
    said.textContent = words.length > 0 ? `${shown} of ${items.length}` : "";
    hideEmpty(list);
  });
}

/** Headings of groups of which nothing is left go too. */
function hideEmpty(list: HTMLElement): void {
  for (const group of list.querySelectorAll<HTMLElement>("section")) {
    group.hidden = group.querySelector("article:not([hidden])") === null;
  }
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
