// One thing of the picture beside it: what is known of it, where it leads, what can be done with it.

import { button, make, swatch } from "./elements";
import { type Graph, type Relation, type Thing, many, reached } from "./graph";
import { kindOf, outline } from "./kinds";
import { here, relationsOf } from "./server";
import type { Expansion, View } from "./state";

export interface Actions {
  focus: (id: string) => void;
  pathFrom: (one: Thing) => void;
  pathTo: (one: Thing) => void;
  pin: (id: string) => void;
  remove: (id: string) => void;
  expand: (one: Expansion, there: string[] | null) => void; // what is there goes; null: all of it comes
  columns: (id: string) => void;
  way: (steps: string[]) => void;
}

export class Panel {
  private current = "";

  constructor(private readonly box: HTMLElement, private readonly act: Actions) {}

  /** A thing with its relations; these come a moment later. */
  async thing(one: Thing, view: View, graph: Graph): Promise<void> {
    this.current = one.id;
    const relations = make("div", { class: "relations", "aria-busy": "true" }, make("p", { class: "hint" }, "Counting relations …"));
    this.box.replaceChildren(this.heading(one), facts(one), this.deeds(one, view), make("h3", {}, "Relations"), relations);
    if (!one.path) return relations.replaceChildren(make("p", { class: "hint" }, "The patient of this path."));
    try {
      const told = await relationsOf(one.id);
      if (this.current === one.id) relations.replaceChildren(...relationList(one, told.relations, graph, this.act));
    } catch (error) {
      const again = button("Try again", () => void this.thing(one, view, graph));
      relations.replaceChildren(make("p", { class: "fault" }, String((error as Error).message)), again);
    }
    relations.removeAttribute("aria-busy");
  }

  /** What the picture shows, while nothing in it is chosen. */
  overview(graph: Graph): void {
    this.current = "";
    const notice = graph.notice ? make("p", {}, graph.notice) : null;
    const count = `${many(graph.nodes.length, "thing")}, ${many(graph.edges.length, "relation")}.`;
    const hint = "Choose a thing in the picture or the list to see what is known of it and where it leads.";
    this.box.replaceChildren(
      make("h2", { tabindex: "-1" }, "What is shown"), make("p", {}, count),
      ...(notice ? [notice] : []),
      ...(graph.edges.some((one) => one.data?.derived) ? [make("p", {}, "Dashed lines are derived by a rule, not stated by a source.")] : []), ...this.ways(graph), make("p", { class: "hint" }, hint),
    );
  }

  /** The way to a thing's heading for those who use no pointer. */
  enter(): void {
    this.box.querySelector<HTMLElement>("h2")?.focus();
  }

  private heading(one: Thing): HTMLElement {
    const kind = kindOf(one.type);
    const title = make("h2", { tabindex: "-1" }, one.label);
    const type = make("p", { class: "types" }, swatch(outline(kind, 0, 0, 9), kind.name), one.typeLabel);
    return make("header", {}, type, title);
  }

  private deeds(one: Thing, view: View): HTMLElement {
    const pinned = view.pin.some(({ id }) => id === one.id);
    const page = one.path ? make("a", { href: here(one.path), class: "deed" }, "Open its page") : null;
    const columns = one.type === "Study" ? button("Study in columns", () => this.act.columns(one.id)) : null;
    return make(
      "div", { class: "deeds" }, page,
      one.path ? button("Focus on this", () => this.act.focus(one.id)) : null, columns,
      button("Path from here", () => this.act.pathFrom(one)), button("Path to here", () => this.act.pathTo(one)),
      button("Pin", () => this.act.pin(one.id), { "aria-pressed": String(pinned) }),
      button("Remove", () => this.act.remove(one.id)),
    );
  }

  private ways(graph: Graph): HTMLElement[] {
    const labels = new Map(graph.nodes.map((one) => [one.id, one.label]));
    return (graph.steps ?? []).flatMap((steps, at) => {
      const words = graph.words?.[at] ?? steps.map((id) => labels.get(id) ?? id);
      const title = make("h3", {}, `Path ${at + 1} of ${graph.steps!.length}`);
      const mark = button("Mark in the picture", () => this.act.way(steps));
      return [title, make("ol", { class: "steps" }, ...words.map((word) => make("li", {}, word))), mark];
    });
  }
}

/** A button for each relation: it adds what is not shown yet, or takes away what is. */
function relationList(one: Thing, relations: Relation[], graph: Graph, act: Actions): HTMLElement[] {
  if (!relations.length) return [make("p", { class: "hint" }, "It has no relations.")];
  return [make("ul", {}, ...relations.map((relation) => {
    const { direction, count, label } = relation;
    const there = reached(graph, one.id, relation);
    const whole = there.length >= count;
    const kinds = relation.types.map(({ typeLabel }) => typeLabel).join(", ");
    const number = there.length ? `${there.length} of ${count.toLocaleString("en")}` : count.toLocaleString("en");
    const told = `${label}, ${direction === "out" ? "to" : "from"} ${kinds}: ${there.length} of ${count} shown`;
    const toggle = make(
      "button",
      {
        type: "button", class: "relation", "aria-pressed": String(whole), "aria-label": told,
        click: () => act.expand({ id: one.id, relation: relation.relation, direction }, whole ? there : null),
      },
      make("span", { class: "arrow", "aria-hidden": "true" }, direction === "out" ? "→" : "←"),
      make("span", {}, label, " ", make("span", { class: "count" }, kinds)),
      make("span", { class: "number" }, number),
    );
    return make("li", {}, toggle);
  }))];
}

/** What is known of a thing, a line each. */
function facts(one: Thing): HTMLElement {
  const rows = Object.entries(one.data ?? {}).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map(String).filter(Boolean);
    if (!values.length || name === "short" || name === "sequence") return []; // for the picture alone
    const shown = values.slice(0, 8).map((text) => make("div", {}, text));
    const more = values.length > 8 ? make("div", { class: "count" }, `and ${values.length - 8} more on its page`) : null;
    return [make("dt", {}, name), make("dd", {}, ...shown, ...(more ? [more] : []))];
  });
  return make("dl", { class: "known" }, ...rows);
}
