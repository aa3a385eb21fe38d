// Where things go: the same picture for the same graph, with what is pinned left where it is.

import type { LayoutOptions, NodeSingular, Position } from "cytoscape";
import type { FcoseLayoutOptions } from "cytoscape-fcose";
import { kindOf } from "./kinds";
import { type Graph, type Thing, caption, grouped, ownerOf, together } from "./graph";

export type Arrangement = "spread" | "kinds" | "rings" | "layers" | "given";
export type Places = Map<string, Position>;

const STEP = 150; // between two rings, in the units of the picture
const GAP = 44; // between two blocks, with a heading

/** Places to begin with: `roots` in the middle, what is near them around it, ring by ring. */
export function startingPlaces(graph: Graph, roots: string[]): Places {
  const around = new Map<string, string[]>(graph.nodes.map((one) => [one.id, []]));
  for (const { source, target } of graph.edges) {
    around.get(source)?.push(target);
    around.get(target)?.push(source);
  }
  const places: Places = new Map();
  let ring = roots.filter((id) => around.has(id));
  if (!ring.length && graph.nodes[0]) ring = [graph.nodes[0].id];
  for (let depth = 0; ring.length; depth += 1) {
    const radius = Math.max(depth * STEP, (ring.length - 1) * 8);
    ring.forEach((id, at) => {
      const angle = (2 * Math.PI * at) / ring.length + depth * 0.7;
      places.set(id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
    });
    ring = [...new Set(ring.flatMap((id) => around.get(id) ?? []))].filter((id) => !places.has(id));
  }
  const rest = graph.nodes.filter((one) => !places.has(one.id));
  rest.forEach((one, at) => places.set(one.id, { x: (at % 12) * STEP - 900, y: 700 + Math.floor(at / 12) * STEP }));
  return places;
}

/** Places for things that join a picture: on an arc around the neighbour that is there already. */
export function joiningPlaces(graph: Graph, there: Places): Places {
  const places: Places = new Map();
  const fans = new Map<string, string[]>();
  for (const one of graph.nodes) {
    if (there.has(one.id)) continue;
    const tie = graph.edges.find(
      ({ source, target }) =>
        (source === one.id && there.has(target)) || (target === one.id && there.has(source)),
    );
    const anchor = tie ? (tie.source === one.id ? tie.target : tie.source) : "";
    fans.set(anchor, [...(fans.get(anchor) ?? []), one.id]);
  }
  const middle = meanOf([...there.values()]);
  for (const [anchor, fan] of fans) fanned(there.get(anchor) ?? middle, middle, fan, places);
  return places;
}

/** Places by kind: `roots` in the middle, each kind in a block of its own above or below them.
 *  `shape` is how many times as wide as high the picture may be. */
export function placesByKind(graph: Graph, roots: string[], shape: number): Places {
  const places: Places = new Map();
  const middle = graph.nodes.filter((one) => roots.includes(one.id));
  middle.forEach((one, at) => places.set(one.id, { x: (at - (middle.length - 1) / 2) * 180, y: 0 }));
  const blocks = grouped(graph.nodes.filter((one) => !roots.includes(one.id))).map(([type, group]) => blockOf(type, group));
  const area = blocks.reduce((sum, one) => sum + one.width * one.height, 0);
  const most = Math.max(Math.sqrt(area * 2.1 * shape), ...blocks.map((one) => one.width));
  const heights = { above: -70, below: 120 };
  for (const shelf of shelves(blocks, most)) {
    const height = Math.max(...shelf.map((one) => one.height));
    const isAbove = -heights.above <= heights.below;
    const top = isAbove ? heights.above - height : heights.below;
    if (isAbove) heights.above = top - GAP;
    else heights.below = top + height + GAP;
    let left = -(shelf.reduce((sum, one) => sum + one.width + GAP, 0) - GAP) / 2;
    for (const block of shelf) {
      fill(block, left, isAbove ? top + height - block.height : top, places);
      left += block.width + GAP;
    }
  }
  return places;
}

export interface Heading { text: string; at: Position }

/** The name of each kind and where it stands above its block. */
export function kindHeadings(graph: Graph, roots: string[], places: Places): Heading[] {
  const groups = grouped(graph.nodes.filter((one) => !roots.includes(one.id)));
  return groups.map(([, group]) => above(`${group[0]!.typeLabel} (${group.length})`, group, places, 34));
}

/** The names of the columns. */
export function columnHeadings(graph: Graph, places: Places): Heading[] {
  const columns = together(graph.nodes, (one) => String(one.column ?? ""));
  return [...columns].map(([name, column]) => above(name, column, places, 46));
}

/** What the regions of a large picture are about: a question, or what has none by its kind. */
export function regionHeadings(graph: Graph, places: Places, worded: (question: string) => string): Heading[] {
  const regions = together(graph.nodes, (one) => {
    const questions = one.keys?.["question"];
    return questions ? (questions.length === 1 ? worded(questions[0]!) : "") : `${one.typeLabel}s`;
  });
  return [...regions]
    .filter(([, region]) => region.length >= 5)
    .map(([name, region]) => above(name, region, places, 120));
}

function above(text: string, group: Thing[], places: Places, gap: number): Heading {
  const spots = group.map((one) => places.get(one.id) ?? { x: 0, y: 0 });
  const [left, right] = [Math.min(...spots.map(({ x }) => x)), Math.max(...spots.map(({ x }) => x))];
  return { text, at: { x: (left + right) / 2, y: Math.min(...spots.map(({ y }) => y)) - gap } };
}

/** Places in columns, in the order of the server, as wide and high as the words beside them need. */
export function placesInColumns(graph: Graph): Places {
  const owner = ownerOf(graph.nodes);
  const columns = together(graph.nodes, (one) => String(one.column ?? ""));
  const places: Places = new Map();
  let x = 0;
  for (const column of [...columns.values()].sort((a, b) => (a[0]!.x ?? 0) - (b[0]!.x ?? 0))) {
    const words = column.map((one) => caption(one, owner));
    const tall = column.map((one) => (one.type === "Report" ? 8 : kindOf(one.type).size));
    const row = Math.max(...words.map((lines) => lines.length * 13), ...tall) + 7;
    column.sort((a, b) => (a.y ?? 0) - (b.y ?? 0));
    column.forEach((one, at) => places.set(one.id, { x, y: at * row }));
    x += Math.max(...words.flat().map((line) => line.length)) * 6.4 + 55;
  }
  return places;
}

/** Paths from top to bottom, side by side, for screens are higher than a row of words is. */
export function placesOfPaths(graph: Graph): Places {
  return new Map(graph.nodes.map(({ id, x, y }) => [id, { x: (y ?? 0) * 1.45, y: (x ?? 0) * 0.44 }]));
}

/** Options of the layout; places in `fixed` are kept as they are. */
export function layoutOptions(name: Arrangement, roots: string[], fixed: Places, animate: boolean): LayoutOptions {
  const shared = { animate, animationDuration: 350, fit: fixed.size === 0, padding: 40 };
  if (name === "rings") {
    const level = (node: NodeSingular): number => (roots.includes(node.id()) ? 9 : Math.min(8, node.degree(false) / 4));
    return {
      name: "concentric", concentric: level as (node: object) => number, levelWidth: () => 1,
      minNodeSpacing: 60, nodeDimensionsIncludeLabels: true, ...shared, fit: true,
    } as LayoutOptions;
  }
  if (name === "layers") {
    const from = roots.length ? { roots } : {};
    return {
      name: "breadthfirst", directed: false, spacingFactor: 1.1, nodeDimensionsIncludeLabels: true,
      avoidOverlap: true, ...from, ...shared, fit: true,
    } as LayoutOptions;
  }
  const spread: FcoseLayoutOptions = {
    name: "fcose", quality: "proof", randomize: false, nodeDimensionsIncludeLabels: true,
    idealEdgeLength: 140, nodeRepulsion: 40000, gravity: 0.12, numIter: 2500, packComponents: false, tile: true,
    fixedNodeConstraint: [...fixed].map(([nodeId, position]) => ({ nodeId, position })),
    ...shared,
  };
  return spread as unknown as LayoutOptions;
}

interface Block { group: Thing[]; columns: number; cell: { width: number; height: number }; width: number; height: number }

function blockOf(type: string, group: Thing[]): Block {
  const cell = type === "Report" ? { width: 135, height: 42 } : { width: 150, height: 76 };
  const columns = Math.max(1, Math.round(Math.sqrt((group.length * cell.height * 1.5) / cell.width)));
  const heading = `${group[0]!.typeLabel} (${group.length})`.length * 15;
  const width = Math.max(columns * cell.width, heading);
  return { group, columns, cell, width, height: Math.ceil(group.length / columns) * cell.height };
}

/** Blocks side by side, none of the rows much wider than `most`. */
function shelves(blocks: Block[], most: number): Block[][] {
  const rows: Block[][] = [];
  let width = Infinity;
  for (const block of [...blocks].sort((a, b) => b.height - a.height)) {
    if (width + block.width > most) {
      rows.push([]);
      width = 0;
    }
    rows[rows.length - 1]!.push(block);
    width += block.width + GAP;
  }
  return rows;
}

function fill({ group, columns, cell, width }: Block, left: number, top: number, places: Places): void {
  group.forEach((one, at) => places.set(one.id, {
    x: left + ((at % columns) + 0.5) * (width / columns), y: top + Math.floor(at / columns) * cell.height + 20,
  }));
}

function fanned(anchor: Position, middle: Position, fan: string[], places: Places): void {
  const away = Math.atan2(anchor.y - middle.y, anchor.x - middle.x) || 0;
  const rows = Math.ceil(fan.length / 14);
  fan.forEach((id, at) => {
    const row = at % rows;
    const share = fan.length === 1 ? 0 : at / (fan.length - 1) - 0.5;
    const angle = away + share * Math.PI * 1.5;
    const radius = STEP + row * 80;
    places.set(id, { x: anchor.x + radius * Math.cos(angle), y: anchor.y + radius * Math.sin(angle) });
  });
}

function meanOf(places: Position[]): Position {
  const sum = places.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: sum.x / (places.length || 1), y: sum.y / (places.length || 1) };
}
