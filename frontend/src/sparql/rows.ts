// The table of a result: sorted by a column, narrowed down by a few letters, names or addresses.
import { labelled, made } from "./dom";
import { shortened } from "./prefixes";
import { cellsOf, type Cell, type Rows } from "./table";
import { vocabulary } from "./words";

/** Give the table its buttons, and the view the tools above it. */
export function startRows(rows: Rows, view: HTMLElement): void {
  const heads = [...(rows.body.parentElement?.querySelectorAll<HTMLElement>("thead th") ?? [])];
  heads.forEach((head, index) => sortable(head, index, heads, rows));
  if (rows.body.rows.length < 2) return;
  const count = made("span", { class: "hint", role: "status" });
  const field = made("input", { type: "search", autocomplete: "off" });
  field.addEventListener("input", () => narrow(rows.body, field.value, count));
  const tools = made("div", { class: "tools" }, labelled("Show rows with", field));
  const named = rows.body.querySelector("a[title]");
  if (named) tools.append(addressSwitch(rows.body));
  tools.append(count);
  view.prepend(tools);
}

function sortable(head: HTMLElement, index: number, heads: HTMLElement[], rows: Rows): void {
  const button = made("button", { type: "button", class: "sort" }, head.textContent ?? "");
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const falling = head.getAttribute("aria-sort") === "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    sort(rows, index, falling);
  });
}

function sort(rows: Rows, index: number, falling: boolean): void {
  const numeric = rows.columns[index]?.kind === "number";
  const keyed = [...rows.body.rows].map((row) => ({ row, cell: cellsOf(row)[index] }));
  keyed.sort((one, other) => order(one.cell, other.cell, numeric, falling));
  rows.body.append(...keyed.map((each) => each.row));
}

/** Cells without a value stay last, whichever way it goes. */
function order(one: Cell | undefined, other: Cell | undefined, numeric: boolean, falling: boolean): number {
  if (!one?.text || !other?.text) return Number(!one?.text) - Number(!other?.text);
  const rising = numeric && one.number !== null && other.number !== null
    ? one.number - other.number
    : one.text.localeCompare(other.text, "en", { numeric: true });
  return falling ? -rising : rising;
}

function narrow(body: HTMLTableSectionElement, typed: string, count: HTMLElement): void {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of body.rows) {
    const text = (row.textContent ?? "").toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown += 1;
  }
  count.textContent = words.length > 0 ? `${shown} of ${body.rows.length} rows` : "";
}

/** A box to tick for those who want addresses instead of names. */
function addressSwitch(body: HTMLTableSectionElement): HTMLElement {
  const box = made("input", { type: "checkbox" });
  const labels = new Map<HTMLAnchorElement, string>();
  box.addEventListener("change", () => {
    void vocabulary().then(({ prefixes }) => {
      for (const link of body.querySelectorAll<HTMLAnchorElement>("a[title]")) {
        if (!labels.has(link)) labels.set(link, link.textContent ?? "");
        link.textContent = box.checked ? shortened(link.title, prefixes) : labels.get(link) ?? "";
      }
    });
  });
  return made("label", { class: "switch" }, box, " IRIs instead of names");
}
