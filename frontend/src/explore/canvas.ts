// A graph on the canvas: drawn, changed in place, walked through by keys, and read back.

import cytoscape, { type Core, type NodeCollection, type NodeSingular, type Position } from "cytoscape";
import fcose from "cytoscape-fcose";
import { canvasStyle, colours, onNewColours } from "./colours";
import { BIG, elements, nearest } from "./drawing";
import { questionWords } from "./filters";
import type { Graph } from "./graph";
import {
  type Arrangement, type Heading, type Places, columnHeadings, joiningPlaces, kindHeadings, layoutOptions, placesByKind,
  placesInColumns, placesOfPaths, regionHeadings, startingPlaces,
} from "./layouts";
import type { Pin } from "./state";

cytoscape.use(fcose);
const CLOSEST = 1.3; // times the usual size, when all is fitted
const READABLE = 0.85; // times the usual size, at which words beside things are read with ease
const CROWD = 30; // relations of one thing from which on their lines are thin and without words

export interface Drawing {
  graph: Graph;
  roots: string[]; // in the middle
  pins: Pin[];
  arrangement: Arrangement;
  fresh: boolean; // nothing of the picture before is kept
}
interface Events {
  chosen: (id: string | null) => void;
  moved: (id: string, place: Position) => void;
  over: (words: string, place: Position) => void; // of what the pointer is on; "" of nothing
}

export class Canvas {
  private cy: Core | null = null;
  private big = false;
  private drawn: Drawing | null = null;

  constructor(private readonly box: HTMLElement, private readonly events: Events) {
    onNewColours(() => this.cy?.style(canvasStyle(colours(), this.big)));
    new ResizeObserver(() => this.cy?.resize()).observe(box);
  }

  /** Show a graph; what stays keeps its place unless the drawing is fresh. */
  draw(drawing: Drawing): void {
    const big = drawing.graph.nodes.length > BIG;
    const fresh = drawing.fresh || this.cy === null || big !== this.big;
    const cy = fresh ? this.anew(big) : this.cy!;
    const there: Places = this.places();
    this.drawn = drawing;
    const { graph } = drawing;
    const wanted = new Set([...graph.nodes, ...graph.edges].map((one) => one.id));
    cy.batch(() => {
      cy.elements().filter((one) => !wanted.has(one.id()) && !one.hasClass("heading")).remove();
      cy.add(elements(graph, new Set(cy.elements().map((one) => one.id()))));
      this.place(there, fresh);
      this.markPins();
    });
    const joined = graph.nodes.some((one) => !there.has(one.id));
    if (fresh) this.arrange(drawing.arrangement);
    else if (joined && drawing.arrangement === "kinds") this.arrange("kinds");
    else if (joined) this.join(stillThere(there, wanted));
    this.publish();
  }

  /** Arrange everything anew; pinned things stay. */
  arrange(name: Arrangement): void {
    const { graph, roots, pins } = this.drawn!;
    this.cy!.nodes(".heading").remove();
    this.things().toggleClass("still", name === "kinds");
    const isColumned = name === "given" && graph.nodes.some((one) => one.column);
    this.cy!.edges().toggleClass("quiet", name === "kinds" || (isColumned && graph.edges.length > CROWD));
    if (name === "given" || name === "kinds" || (this.big && name === "spread")) {
      this.place(new Map(), true);
      if (name === "kinds") this.blocks();
      else if (this.big && graph.layout === "server") this.head(regionHeadings(graph, this.places(), questionWords));
      else this.head(columnHeadings(graph, this.places()));
      this.put(new Map(pins.map(({ id, x, y }) => [id, { x, y }])));
      this.fit();
      return;
    }
    if (name === "spread") this.put(startingPlaces(graph, roots));
    this.run(name, new Map(pins.map(({ id, x, y }) => [id, { x, y }])));
  }

  /** Mark a thing and what it is tied to; null marks nothing. */
  choose(id: string | null): void {
    const { cy } = this;
    if (!cy) return;
    cy.batch(() => {
      cy.elements().removeClass("chosen near crowd");
      cy.edges().filter((tie) => !tie.hasClass("way")).removeClass("named");
      if (id === null) return;
      const node = cy.$id(id);
      node.addClass("chosen");
      const ties = node.connectedEdges().addClass("near");
      ties.addClass(ties.length > CROWD ? "crowd" : "named");
      if (ties.length <= CROWD) ties.connectedNodes().not(node).addClass("near");
    });
    if (id !== null) this.bring(cy.$id(id));
  }

  /** Mark a way through the picture, step by step. */
  showWay(steps: string[]): void {
    this.cy?.batch(() => {
      this.cy!.elements().removeClass("way named");
      steps.forEach((id, at) => {
        const node = this.cy!.$id(id).addClass("way");
        if (at) node.edgesWith(this.cy!.$id(steps[at - 1]!)).addClass("way named");
      });
    });
  }

  /** The thing that lies in this direction: among the neighbours of `id`, else among all. */
  towards(id: string, key: string): string | null {
    const from = this.cy?.$id(id);
    if (!from?.nonempty()) return this.things()[0]?.id() ?? null;
    const node = from.first() as NodeSingular;
    return (
      nearest(node, node.neighborhood().nodes().toArray() as NodeSingular[], key) ??
      nearest(node, this.things().toArray() as NodeSingular[], key)
    );
  }

  /** Show all of it, but nothing larger than life. */
  fit(): void {
    const { cy } = this;
    cy?.resize();
    cy?.fit(undefined, 30);
    if (cy && cy.zoom() > CLOSEST) cy.zoom(CLOSEST).center();
    if (cy?.nodes(".aside").nonempty() && cy.zoom() < READABLE) this.fitWidth();
  }

  zoom(factor: number): void {
    const { cy } = this;
    cy?.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  places(): Places {
    return new Map(this.things().map((node) => [node.id(), { ...node.position() }]));
  }

  /** The names of blocks, columns or regions, and where they stand. */
  headings(): Heading[] {
    return this.cy!.nodes(".heading").map((node) => ({ text: String(node.data("caption")), at: { ...node.position() } }));
  }

  /** The whole picture as PNG, twice as fine as the screen. */
  async png(): Promise<Blob> {
    return await this.cy!.png({
      output: "blob-promise", full: true, scale: 2, bg: colours().paper, maxWidth: 8000, maxHeight: 8000,
    });
  }

  private anew(big: boolean): Core {
    this.cy?.destroy();
    this.big = big;
    const cy = cytoscape({
      container: this.box, style: canvasStyle(colours(), big), minZoom: 0.02, maxZoom: 4,
      hideEdgesOnViewport: big, textureOnViewport: big, pixelRatio: big ? 1 : "auto",
      boxSelectionEnabled: false, autounselectify: true, layout: { name: "preset" },
    });
    cy.on("tap", (event) => this.events.chosen(event.target === cy ? null : event.target.isNode() ? event.target.id() : null));
    cy.on("mouseover", "node", (event) => this.events.over(event.target.data("whole"), event.target.renderedPosition()));
    cy.on("mouseout viewport", () => this.events.over("", { x: 0, y: 0 }));
    cy.on("dragfree", "node", (event) => this.events.moved(event.target.id(), event.target.position()));
    this.cy = cy;
    return cy;
  }

  /** Columns are read from the top, as wide as the picture. */
  private fitWidth(): void {
    const cy = this.cy!;
    const { x1, y1, w } = cy.elements().boundingBox();
    const zoom = Math.min(READABLE, (cy.width() - 30) / w);
    cy.viewport({ zoom, pan: { x: 15 - x1 * zoom, y: 15 - y1 * zoom } });
  }

  private things(): NodeCollection {
    return this.cy!.nodes().not(".heading") as NodeCollection;
  }

  /** Each kind in a block of its own. */
  private blocks(): void {
    const { graph, roots } = this.drawn!;
    const places = placesByKind(graph, roots, this.box.clientWidth / this.box.clientHeight);
    this.put(places);
    this.head(kindHeadings(graph, roots, places));
  }

  private head(headings: Heading[]): void {
    this.cy!.add(headings.map(({ text, at }) => ({
      group: "nodes", data: { id: `heading ${text}`, caption: text }, position: at, classes: "heading",
      selectable: false, grabbable: false,
    })));
  }

  private place(there: Places, fresh: boolean): void {
    const { graph, roots, pins } = this.drawn!;
    const told: Places = new Map();
    for (const one of graph.nodes) {
      if (one.x !== undefined && one.y !== undefined && (fresh || !there.has(one.id))) told.set(one.id, { x: one.x, y: one.y });
    }
    this.put(fresh ? startingPlaces(graph, roots) : joiningPlaces(graph, there));
    if (graph.layout === "server" && fresh) {
      this.put(joiningPlaces(graph, told));
      this.put(told);
      this.put(graph.steps ? placesOfPaths(graph) : placesInColumns(graph));
    }
    this.put(new Map(pins.map(({ id, x, y }) => [id, { x, y }])));
  }

  private put(places: Places): void {
    for (const [id, place] of places) this.cy!.$id(id).position(place);
  }

  private run(name: Arrangement, fixed: Places): void {
    const moves = matchMedia("(prefers-reduced-motion: no-preference)").matches && !this.big;
    const layout = this.cy!.elements().not(".heading").layout(layoutOptions(name, this.drawn!.roots, fixed, moves));
    layout.one("layoutstop", () => this.fit());
    layout.run();
  }

  /** Find room for what has joined: a picture of the server stays as it is, others give way. */
  private join(there: Places): void {
    const { arrangement, pins, roots } = this.drawn!;
    const steady = new Set([...pins.map(({ id }) => id), ...roots.slice(0, 1)]);
    this.run("spread", arrangement === "given" ? there : new Map([...there].filter(([id]) => steady.has(id))));
  }

  private markPins(): void {
    this.cy!.nodes().removeClass("pinned");
    for (const { id } of this.drawn!.pins) this.cy!.$id(id).addClass("pinned");
  }

  private bring(node: ReturnType<Core["$id"]>): void {
    const { cy } = this;
    if (!cy || node.empty()) return;
    const { x, y } = (node.first() as NodeSingular).renderedPosition();
    if (x < 20 || y < 20 || x > cy.width() - 20 || y > cy.height() - 20) cy.center(node);
  }

  private publish(): void {
    this.box.dataset["nodes"] = String(this.things().length);
    this.box.dataset["edges"] = String(this.cy!.edges().length);
  }
}

function stillThere(there: Places, wanted: Set<string>): Places {
  return new Map([...there].filter(([id]) => wanted.has(id)));
}
