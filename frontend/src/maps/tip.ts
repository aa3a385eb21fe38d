// The sentence of a cell beside it, while the pointer or the focus is on it; Escape takes it away.
export function addTips(): void {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the cell says the same as its label
  document.body.append(tip);
  const hide = (): void => {
    tip.hidden = true;
  };
  for (const cell of document.querySelectorAll<HTMLElement>(".gap-map td a")) {
    const show = (): void => place(tip, cell);
    cell.addEventListener("pointerenter", show);
    cell.addEventListener("focus", show);
    cell.addEventListener("pointerleave", hide);
    cell.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      hide();
    }
  });
}

function place(tip: HTMLElement, cell: HTMLElement): void {
  tip.textContent = cell.getAttribute("aria-label");
  tip.hidden = false;
  const box = cell.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${window.scrollX + Math.max(8, Math.min(box.left, widest))}px`;
  tip.style.top = `${window.scrollY + box.bottom + 6}px`;
}
