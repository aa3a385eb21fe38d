// Graphs as the server tells them, joined, cut and put into words; nothing here knows the page.

export interface Thing {
  id: string;
  label: string;
  type: string;
  typeLabel: string;
  path: string;
  data?: Record<string, unknown>; // shown to people
  keys?: Partial<Record<string, string[]>>; // what filters look at; an absent one does not apply
  x?: number;
  y?: number;
  column?: string | number;
}
export interface Tie {
  id: string;
  source: string;
  target: string;
  relation: string;
  label: string;
  data?: { derived?: boolean };
}
export interface FacetValue { value: string; label: string; count: number }
export interface Graph {
  nodes: Thing[];
  edges: Tie[];
  shown: number;
  total: number;
  layout: "browser" | "server";
  notice?: string;
  steps?: string[][];
  words?: string[][]; // of each step of each path
}
export interface Relation {
  relation: string;
  label: string;
  direction: "out" | "in";
  count: number;
  types: { type: string; typeLabel: string; count: number }[];
}

/** The first graph with what the others add, at most `limit` things; `total` counts all of them. */
export function joined(first: Graph, others: Graph[], removed: string[], limit: number): Graph {
  const gone = new Set(removed);
  const things = new Map<string, Thing>();
  const ties = new Map<string, Tie>();
  let left = 0;
  for (const graph of [first, ...others]) {
    for (const one of graph.nodes) {
      if (gone.has(one.id) || things.has(one.id)) continue;
      if (things.size >= limit) left += 1;
      else things.set(one.id, one);
    }
    for (const one of graph.edges) ties.set(one.id, one);
  }
  const edges = [...ties.values()].filter((one) => things.has(one.source) && things.has(one.target));
  const beyond = Math.max(0, first.total - first.nodes.length);
  const nodes = [...things.values()];
  return { ...first, nodes, edges, shown: nodes.length, total: nodes.length + left + beyond };
}

/** The things that have the same name by `nameOf`; those with "" are left out. */
export function together(nodes: Thing[], nameOf: (one: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const one of nodes) {
    const group = groups.get(nameOf(one));
    if (group) group.push(one);
    else groups.set(nameOf(one), [one]);
  }
  groups.delete("");
  return groups;
}

/** The things by type, the largest group last, each group by label. */
export function grouped(nodes: Thing[]): [string, Thing[]][] {
  const groups = together(nodes, (one) => one.type);
  for (const group of groups.values()) group.sort((a, b) => a.label.localeCompare(b.label, "en"));
  return [...groups].sort((a, b) => a[1].length - b[1].length || a[0].localeCompare(b[0]));
}

/** What stands under a thing in the picture: at most three short lines, in columns somewhat longer ones. */
export function caption(one: Thing, owner: string): string[] {
  let text = one.label.replace(/ \[[\w.-]+\]$/, "");
  if (one.type === "Report") return reportCaption(one);
  if (one.type === "AuditFinding") text = text.replace(/: .*$/, "");
  if (owner && text.startsWith(`${owner}: `)) text = text.slice(owner.length + 2);
  return one.column ? wrapped(text, 28, 3) : wrapped(text, 24, 3);
}

/** A report is known by where it stands; what is printed there follows. */
function reportCaption(one: Thing): string[] {
  const place = one.label.replace(/^.*, as in /, "").replace(" line ", ":");
  const printed = one.data?.["printed"];
  const value = Array.isArray(printed) && printed.length ? String(printed[0]) : "";
  return one.column ? wrapped(value ? `${place}  ${value}` : place, 34, 1) : wrapped(`${place} ${value}`.trim(), 24, 2);
}

/** The study or guideline that all owned things of a picture belong to; "" where there are several. */
export function ownerOf(nodes: Thing[]): string {
  const owned = /^(Population|Estimate|Arm|StudyFact|Statement)$/;
  const owners = new Set(nodes.filter((one) => owned.test(one.type)).map((one) => one.label.split(": ")[0]!));
  return owners.size === 1 ? [...owners][0]! : "";
}

/** Lines of at most `width` characters; a longer word and what is beyond the last line end in "…". */
export function wrapped(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const whole of text.split(/\s+/)) {
    const word = whole.length > width ? `${whole.slice(0, width - 1)}…` : whole;
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  lines.push(line);
  if (lines.length <= most) return lines;
  const last = lines[most - 1]!;
  return [...lines.slice(0, most - 1), `${last.slice(0, width - 1)}…`];
}

/** How many things of each value there are, as a facet. */
export function counted(values: { value: string; label: string }[]): FacetValue[] {
  const found = new Map<string, FacetValue>();
  for (const { value, label } of values) {
    const before = found.get(value)?.count ?? 0;
    found.set(value, { value, label, count: before + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** What a relation of a thing leads to within the graph. */
export function reached(graph: Graph, id: string, by: { relation: string; direction: "out" | "in" }): string[] {
  const found = graph.edges.flatMap(({ source, target, relation }) => {
    if (relation !== by.relation) return [];
    const [from, to] = by.direction === "out" ? [source, target] : [target, source];
    return from === id ? [to] : [];
  });
  return [...new Set(found)];
}

/** The things that most of a graph is tied to; their names are read from afar. */
export function hubs(graph: Graph): Set<string> {
  const ties = new Map<string, number>();
  for (const { source, target } of graph.edges) {
    for (const id of [source, target]) ties.set(id, (ties.get(id) ?? 0) + 1);
  }
  const ordered = [...ties].filter(([, count]) => count >= 6).sort((a, b) => b[1] - a[1]);
  return new Set(ordered.slice(0, 10).map(([id]) => id));
}

/** "1 thing", "1,240 things". */
export function many(count: number, word: string, words = `${word}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? word : words}`;
}
