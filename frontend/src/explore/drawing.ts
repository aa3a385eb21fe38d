// Things and relations -> elements of Cytoscape, and the way from one to the next by arrow keys.

import type { ElementDefinition, NodeSingular } from "cytoscape";
import { type Graph, type Thing, caption, hubs, ownerOf } from "./graph";
import { kindOf } from "./kinds";

export const BIG = 500; // things from which on the picture is drawn plainly

/** The elements of a graph that are not there yet. */
export function elements(graph: Graph, there: Set<string>): ElementDefinition[] {
  const owner = ownerOf(graph.nodes);
  const columns = new Map(graph.nodes.filter((one) => one.column).map((one) => [one.id, one]));
  const loud = graph.nodes.length > 150 ? 36 : graph.nodes.length > 60 ? 26 : 16; // names read from afar
  const middle = columns.size || graph.nodes.length > BIG ? new Set<string>() : hubs(graph);
  const nodes: ElementDefinition[] = graph.nodes
    .filter((one) => !there.has(one.id))
    .map((one) => ({
      group: "nodes",
      data: {
        id: one.id, kind: kindOf(one.type).name, loud,
        caption: caption(one, owner).join("\n"), whole: `${one.typeLabel}: ${one.label}`,
      },
      classes: one.column ? "aside" : middle.has(one.id) ? "hub" : "",
    }));
  const edges: ElementDefinition[] = graph.edges
    .filter((one) => !there.has(one.id))
    .map((tie) => {
      const bend = bendOf(columns.get(tie.source), columns.get(tie.target));
      const classes = [bend ? "arc" : "", tie.data?.derived ? "derived" : ""].join(" ");
      const { id, source, target, label } = tie;
      return { group: "edges", data: { id, source, target, label, bend }, classes };
    });
  return [...nodes, ...edges];
}

/** How far a line within one column goes round what lies between its ends; 0 in no column. */
function bendOf(from: Thing | undefined, to: Thing | undefined): number {
  if (!from || !to || from.column !== to.column) return 0;
  const down = (to.y ?? 0) - (from.y ?? 0);
  return Math.sign(down) * (40 + Math.abs(down) * 0.7);
}

/** The nearest of some things within 60 degrees of where an arrow key points. */
export function nearest(from: NodeSingular, among: NodeSingular[], key: string): string | null {
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way) return null;
  const here = from.position();
  let best: { id: string; far: number } | null = null;
  for (const one of among) {
    const [x, y] = [one.position().x - here.x, one.position().y - here.y];
    const far = Math.hypot(x, y);
    if (one.id() === from.id() || far === 0 || (x * way[0]! + y * way[1]!) / far < 0.5) continue;
    if (best === null || far < best.far) best = { id: one.id(), far };
  }
  return best?.id ?? null;
}
