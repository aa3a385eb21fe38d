// Elements of the page made by name: text stays text, and nothing is read as HTML.

export type Child = Node | string | null;
type Settings = Record<string, string | boolean | ((event: Event) => void)>;

/** An element; true sets a bare attribute, false none, a function listens ("click"). */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, settings: Settings = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that says what it does. */
export function button(text: string, act: () => void, settings: Settings = {}): HTMLButtonElement {
  return make("button", { type: "button", click: act, ...settings }, text);
}

/** The element with this id, which the template of the page has. */
export function part<Wanted extends HTMLElement>(id: string): Wanted {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as Wanted;
}

/** A small picture of a shape, for legends and lists; its text stands beside it. */
export function swatch(path: string, kind: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "-11 -11 22 22");
  picture.setAttribute("class", `swatch kind-${kind}`);
  picture.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, "path");
  shape.setAttribute("d", path);
  picture.append(shape);
  return picture;
}
