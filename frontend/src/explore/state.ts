// The query string of the page into what is asked for, and back: the address is the whole view.

export interface Expansion { id: string; relation: string; direction: "out" | "in" }
export interface Pin { id: string; x: number; y: number }

export interface View {
  focus: string[];
  path: string[];
  study: string;
  overlap: string;
  all: boolean;
  depth: number;
  limit: number;
  type: string[];
  question: string[];
  direction: string[];
  level: string[];
  expand: Expansion[];
  removed: string[];
  pin: Pin[];
  facts: [string, string][]; // of a patient, and whatever else the server understands
}

export const FACETS = ["type", "question", "direction", "level"] as const;
export type Facet = (typeof FACETS)[number];

export const NOTHING: View = {
  focus: [], path: [], study: "", overlap: "", all: false, depth: 1, limit: 300,
  type: [], question: [], direction: [], level: [],
  expand: [], removed: [], pin: [], facts: [],
};
const OWN = new Set([...Object.keys(NOTHING), "search"]);

/** What a query string asks for; a part that cannot be read is left out. */
export function viewOf(query: string): View {
  const asked = new URLSearchParams(query);
  const all = (name: string): string[] => [...new Set(asked.getAll(name).filter(Boolean))];
  return {
    focus: all("focus"),
    path: asked.getAll("path").filter(Boolean),
    study: asked.get("study") ?? "",
    overlap: asked.get("overlap") ?? "",
    all: asked.get("all") === "1",
    depth: number(asked.get("depth"), NOTHING.depth),
    limit: number(asked.get("limit"), NOTHING.limit),
    type: all("type"), question: all("question"), direction: all("direction"), level: all("level"),
    expand: all("expand").flatMap(expansion),
    removed: all("removed"),
    pin: all("pin").flatMap(pinned),
    facts: [...asked].filter(([name, value]) => !OWN.has(name) && value !== ""),
  };
}

/** The query string of a view, without "?"; what is as usual is left out. */
export function queryOf(view: View): string {
  const told = base(view);
  for (const one of view.expand) told.append("expand", nameOf(one));
  for (const one of view.removed) told.append("removed", one);
  for (const one of view.pin) told.append("pin", `${one.id},${one.x},${one.y}`);
  return readable(told);
}

/** The part of it that the server makes a graph of. */
export function baseOf(view: View): string {
  return readable(base(view));
}

/** Name of an expansion in the address. */
export function nameOf(one: Expansion): string {
  return `${one.id}|${one.relation}|${one.direction}`;
}

/** Whether the view asks for anything at all. */
export function isEmpty(view: View): boolean {
  return !(view.focus.length || view.path.length || view.study || view.overlap || view.all);
}

/** A view of one thing, with the limit and the facts of the view before. */
export function focusedOn(id: string, before: View): View {
  return { ...NOTHING, facts: before.facts, limit: before.limit, focus: [id] };
}

function base(view: View): URLSearchParams {
  const told = new URLSearchParams();
  for (const name of ["focus", "path"] as const) {
    for (const id of view[name]) told.append(name, id);
  }
  if (view.study) told.set("study", view.study);
  if (view.overlap) told.set("overlap", view.overlap);
  if (view.all) told.set("all", "1");
  if (view.depth !== NOTHING.depth) told.set("depth", String(view.depth));
  if (view.limit !== NOTHING.limit) told.set("limit", String(view.limit));
  for (const name of FACETS) for (const value of view[name]) told.append(name, value);
  for (const [name, value] of view.facts) told.append(name, value);
  return told;
}

function readable(told: URLSearchParams): string {
  return told.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":");
}

function number(text: string | null, usual: number): number {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) : usual;
}

function expansion(text: string): Expansion[] {
  const [id, relation, direction] = text.split("|");
  if (!id || !relation || (direction !== "out" && direction !== "in")) return [];
  return [{ id, relation, direction }];
}

function pinned(text: string): Pin[] {
  const found = /^(.+),(-?\d+),(-?\d+)$/.exec(text);
  return found ? [{ id: found[1]!, x: Number(found[2]), y: Number(found[3]) }] : [];
}
