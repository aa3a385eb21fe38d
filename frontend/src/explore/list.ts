// Everything in the picture once more as a list: for keyboards, screen readers and search in page.

import { button, make, swatch } from "./elements";
import { type Thing, grouped, many } from "./graph";
import { kindOf, outline } from "./kinds";
import { here } from "./server";

const OPEN_UP_TO = 40; // things; longer groups open when asked

/** Fill `box` with the things by type; a button chooses one. */
export function showList(box: HTMLElement, nodes: Thing[], choose: (id: string) => void): void {
  const open = new Set(
    [...box.querySelectorAll<HTMLDetailsElement>("details[open]")].map((one) => one.dataset["type"] ?? ""),
  );
  const first = box.childElementCount === 0 || !box.querySelector("details[data-type]");
  box.replaceChildren(...grouped(nodes).map(([type, group]) => {
    const asked = first ? nodes.length <= OPEN_UP_TO : open.has(type);
    return groupOf(type, group, choose, asked);
  }));
}

function groupOf(type: string, group: Thing[], choose: (id: string) => void, open: boolean): HTMLElement {
  const kind = kindOf(type);
  const title = make(
    "summary", {}, swatch(outline(kind, 0, 0, 9), kind.name), `${group[0]!.typeLabel} `,
    make("span", { class: "count" }, String(group.length)),
  );
  const list = make("ul", { "aria-label": many(group.length, "thing") });
  const fill = (): void => {
    if (!list.childElementCount) list.append(...group.map((one) => item(one, choose)));
  };
  const box = make("details", { "data-type": type, open, toggle: fill }, title, list);
  if (open) fill();
  return box;
}

function item(one: Thing, choose: (id: string) => void): HTMLLIElement {
  const name = button(one.label, () => choose(one.id), { class: "plain", "data-id": one.id });
  const page = one.path ? make("a", { class: "count", href: here(one.path), "aria-label": `page of ${one.label}` }, "page") : null;
  return make("li", {}, name, " ", page);
}
