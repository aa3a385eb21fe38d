// Elements: found by id, and made with attributes and children, never from markup.
export type Child = Node | string;

/** The element with this id if it is there and of this kind. */
export function place<T extends HTMLElement>(id: string, kind: new () => T): T | null {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}

/** A new element; an attribute of true is set empty, one of false left out. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string | boolean> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** A new element of an SVG drawing. */
export function drawn(
  tag: string, attributes: Record<string, string | number> = {}, ...children: Child[]
): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A label over a field. */
export function labelled(words: string, field: HTMLElement): HTMLLabelElement {
  return made("label", {}, words, made("br"), field);
}

function set(element: HTMLElement, attributes: Record<string, string | boolean>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
}
