// The lists of queries to start from -> one list that a few letters narrow down.
import { place } from "./dom";

/** Let a reader search the examples and named queries. */
export function startLibrary(): void {
  const search = document.getElementById("library-search");
  const field = place("wanted", HTMLInputElement);
  const count = search?.querySelector<HTMLElement>("[role=status]");
  if (!search || !field || !count) return;
  search.hidden = false;
  const groups = [...document.querySelectorAll<HTMLDetailsElement>(".library details.group")];
  const opened = groups.map((group) => group.open);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    groups.forEach((group, number) => {
      const items = [...group.querySelectorAll("li")];
      const fitting = items.filter((item) => fits(item, words));
      for (const item of items) item.hidden = !fitting.includes(item);
      group.hidden = fitting.length === 0;
      group.open = words.length > 0 ? fitting.length > 0 : opened[number] ?? false;
      found += fitting.length;
    });
    count.textContent = words.length === 0 ? "" : found === 1 ? "1 query" : `${found} queries`;
  });
}

function fits(item: HTMLLIElement, words: string[]): boolean {
  const text = `${item.textContent ?? ""} ${item.dataset["words"] ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
