// The legend of the picture, which is also the filter: what is ticked is what is shown.

import { make, swatch } from "./elements";
import { type FacetValue, type Graph, counted } from "./graph";
import { kindOf, outline } from "./kinds";
import { FACETS, type Facet, type View } from "./state";

const TITLES: Record<Facet, string> = {
  type: "Kind of thing", question: "Question", direction: "Direction of effect", level: "Level of evidence",
};

const WORDS = new Map<string, string>(); // for values, as the page says them when it comes

/** Take the words for the values of filters from the page. */
export function readWords(box: HTMLElement): void {
  for (const one of box.querySelectorAll("input")) {
    WORDS.set(`${one.name}=${one.value}`, one.nextElementSibling?.textContent ?? one.value);
  }
}

/** A question as people say it. */
export function questionWords(question: string): string {
  return worded("question", question);
}

/** Ticks for each value that the things of a graph have, with counts. */
export function showFilters(
  box: HTMLElement, graph: Graph, view: View, choose: (facet: Facet, values: string[]) => void,
): void {
  const focused = box.contains(document.activeElement) ? (document.activeElement as HTMLInputElement) : null;
  const again = focused ? `${focused.name}=${focused.value}` : "";
  box.replaceChildren(...FACETS.flatMap((facet) => {
    const values = facetOf(graph, facet, view[facet]);
    return values.length > (facet === "type" ? 0 : 1) || view[facet].length ? [fieldOf(facet, values, view[facet], choose)] : [];
  }));
  for (const one of box.querySelectorAll("input")) if (`${one.name}=${one.value}` === again) one.focus();
}

/** Whether a filter leaves a thing in: what a filter says nothing about stays. */
export function passes(one: Graph["nodes"][number], view: View): boolean {
  if (view.type.length && !view.type.includes(one.type)) return false;
  return (["question", "direction", "level"] as const).every((facet) => {
    const words = one.keys?.[facet];
    return !view[facet].length || !words || words.some((word) => view[facet].includes(word));
  });
}

function fieldOf(
  facet: Facet, values: FacetValue[], ticked: string[], choose: (facet: Facet, values: string[]) => void,
): HTMLElement {
  const field = make("fieldset", {}, make("legend", {}, TITLES[facet]));
  const changed = (): void => {
    const boxes = [...field.querySelectorAll<HTMLInputElement>("input:checked")];
    choose(facet, boxes.map((one) => one.value));
  };
  field.append(...values.map(({ value, label, count }) => {
    const tick = make("input", { type: "checkbox", name: facet, value, change: changed });
    tick.checked = ticked.includes(value);
    const kind = kindOf(value);
    const shape = facet === "type" ? swatch(outline(kind, 0, 0, 9), kind.name) : null;
    return make("label", {}, tick, shape, make("span", {}, label), make("span", { class: "count" }, count.toLocaleString("en")));
  }));
  return field;
}

function facetOf(graph: Graph, facet: Facet, ticked: string[]): FacetValue[] {
  const values = counted(graph.nodes.flatMap((one) => {
    if (facet === "type") return [{ value: one.type, label: one.typeLabel }];
    return (one.keys?.[facet] ?? []).map((value) => ({ value, label: worded(facet, value) }));
  }));
  if (facet === "level") values.sort((a, b) => a.value.localeCompare(b.value, "en"));
  const missing = ticked.filter((value) => !values.some((one) => one.value === value));
  return [...values, ...missing.map((value) => ({ value, label: worded(facet, value), count: 0 }))];
}

function worded(facet: Facet, value: string): string {
  const usual = value === "unknown" ? (facet === "level" ? "none drawn" : "none told") : value.replaceAll("_", " ");
  return WORDS.get(`${facet}=${value}`) ?? (facet === "level" && value !== "unknown" ? `level ${value}` : usual);
}
