// A text field that offers things of the graph while one types (the combobox pattern).

import { make, swatch } from "./elements";
import type { Thing } from "./graph";
import { kindOf, outline } from "./kinds";
import { found } from "./server";

const PAUSE = 120; // milliseconds without a key before the server is asked

/** Offer things below `input`, with the list and the line for messages that stand after it. */
export function offerThings(input: HTMLInputElement, choose: (one: Thing) => void): void {
  const list = make("ul", { role: "listbox", id: `${input.id}-offers`, class: "offers", "aria-label": "Things found", hidden: true });
  const said = make("span", { class: "visually-hidden", role: "status" });
  input.after(list, said);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);
  new Offers(input, list, said, choose);
}

class Offers {
  private things: Thing[] = [];
  private at = -1;
  private asking: AbortController | null = null; // a late answer is never shown
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement, private readonly list: HTMLUListElement,
    private readonly said: HTMLElement, private readonly choose: (one: Thing) => void,
  ) {
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the field in focus
  }

  private later(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.input.value.trim()) return this.close();
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    try {
      const things = await found(this.input.value.trim(), asking.signal);
      if (!asking.signal.aborted) this.open(things);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.close();
      this.tell(error instanceof Error ? error.message : "The search failed.");
    }
  }

  private open(things: Thing[]): void {
    this.things = things;
    this.at = -1;
    const empty = make("li", { class: "none" }, "Nothing has this name.");
    this.list.replaceChildren(...(things.length ? things.map((one, at) => this.offer(one, at)) : [empty]));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", String(things.length > 0));
    this.tell(things.length ? `${things.length} found, arrow keys choose.` : "Nothing has this name.");
    this.mark(-1);
  }

  private offer(one: Thing, at: number): HTMLLIElement {
    const kind = kindOf(one.type);
    const note = make("span", { class: "count" }, one.typeLabel);
    const take = (): void => this.take(at);
    return make(
      "li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": "false", click: take },
      swatch(outline(kind, 0, 0, 9), kind.name), make("span", {}, one.label), note,
    );
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && !this.list.hidden && this.things.length) {
      event.preventDefault();
      this.mark((this.at + step + this.things.length) % this.things.length);
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  private mark(at: number): void {
    this.at = at;
    [...this.list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    const marked = this.list.children[at];
    if (marked) this.input.setAttribute("aria-activedescendant", marked.id);
    else this.input.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  private take(at: number): void {
    const one = this.things[at];
    this.close();
    if (one) this.choose(one);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private tell(text: string): void {
    this.said.textContent = text;
  }
}
