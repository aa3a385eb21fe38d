// A view -> the graph it shows, what its filters choose from, and what is said of it.

import { passes } from "./filters";
import { type Graph, joined, many } from "./graph";
import type { Arrangement } from "./layouts";
import { graphOf, neighboursOf } from "./server";
import { type View, baseOf } from "./state";

export const NO_FILTERS = { type: [], question: [], direction: [], level: [] };
export interface Gathered { graph: Graph; whole: Graph; faults: string[] }

/** What a view shows, what its filters choose from, and what could not be had. */
export async function gathered(view: View): Promise<Gathered> {
  const unfiltered = { ...view, ...NO_FILTERS };
  const isFiltered = baseOf(unfiltered) !== baseOf(view);
  const [base, whole] = await Promise.all([graphOf(view), isFiltered ? graphOf(unfiltered) : graphOf(view)]);
  const asked = await Promise.allSettled(view.expand.map((one) => neighboursOf(one, Math.min(view.limit, 300))));
  const more = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const faults = asked.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []));
  const [first, ...others] = [base, ...more].map((graph) => filtered(graph, view));
  return {
    graph: joined(first!, others, view.removed, view.limit),
    whole: joined(whole, more, [], 5000), faults,
  };
}

/** What passes the filters, and what is looked at; the server leaves paths and overlaps whole. */
function filtered(graph: Graph, view: View): Graph {
  const roots = new Set([...view.focus, ...view.path, view.study]);
  const nodes = graph.nodes.filter((one) => roots.has(one.id) || passes(one, view));
  return { ...graph, nodes, total: graph.total - (graph.nodes.length - nodes.length) };
}

/** By kind where much is tied to one thing, for then a free layout is a knot. */
export function usualFor(view: View, graph: Graph): Arrangement {
  if (graph.layout === "server") return "given";
  return graph.nodes.length > 30 && view.focus.length === 1 && view.depth === 1 ? "kinds" : "spread";
}

/** What changed in the picture, in words for those who do not see it. */
export function changed(before: Set<string>, graph: Graph, fresh: boolean): string {
  if (!graph.nodes.length) return "Nothing is shown: no thing passes the filters.";
  const words = `${many(graph.nodes.length, "thing")}, ${many(graph.edges.length, "relation")} shown.`;
  if (fresh) return words;
  const added = graph.nodes.filter((one) => !before.has(one.id)).length;
  const gone = before.size + added - graph.nodes.length;
  const told = [added ? `${many(added, "thing")} added.` : "", gone ? `${many(gone, "thing")} removed.` : ""];
  return [...told, words].filter(Boolean).join(" ");
}
