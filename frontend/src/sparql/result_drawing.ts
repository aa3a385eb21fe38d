// A network -> a drawing by Cytoscape, which is fetched when the first one is wanted.
import type { Core, ElementDefinition, StylesheetJson } from "cytoscape";
import type { Network } from "./result_graph";

const MOST_WORDED = 40; // lines; with more of them, only those of a chosen node have their words
const STYLE_ID = "__________cytoscape_stylesheet";

export interface Drawn { readonly core: Core; readonly point: (id: string) => void }

/** Draw `network` in `canvas`; `point` brings a node to the middle and marks it. */
export async function drawNetwork(network: Network, canvas: HTMLElement): Promise<Drawn> {
  keepStyleOut();
  const [{ default: cytoscape }, { default: fcose }] = await Promise.all([import("cytoscape"), import("cytoscape-fcose")]);
  cytoscape.use(fcose);
  const layout = { name: "fcose", animate: false, randomize: true, nodeDimensionsIncludeLabels: true, nodeRepulsion: 9000, idealEdgeLength: 90 };
  const core = cytoscape({
    container: canvas, elements: elements(network), style: style(canvas), layout, minZoom: 0.1, maxZoom: 3,
  });
  core.on("tap", "node", (event) => {
    const href = event.target.data("href");
    if (href && event.originalEvent.ctrlKey) location.assign(href);
    point(core, event.target.id());
  });
  return { core, point: (id) => point(core, id) };
}

/** Cytoscape adds a style element, which the policy forbids, unless one with this id is there. */
function keepStyleOut(): void {
  if (document.getElementById(STYLE_ID)) return;
  const stand = document.createElement("meta");
  stand.id = STYLE_ID;
  document.head.append(stand);
}

function elements({ nodes, edges }: Network): ElementDefinition[] {
  return [
    ...[...nodes.values()].map((node) => ({ data: { id: node.id, name: cut(node.name), href: node.href } })),
    ...edges.map((edge, number) => ({
      data: { id: `line ${number}`, source: edge.from, target: edge.to, name: cut(edge.name) },
      classes: edges.length > MOST_WORDED ? "crowded" : "",
    })),
  ];
}

function cut(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

function style(canvas: HTMLElement): StylesheetJson {
  const page = getComputedStyle(canvas);
  const colour = (name: string): string => page.getPropertyValue(name).trim();
  const font = { "font-size": 11, color: colour("--ink"), "text-wrap": "wrap" as const, "text-max-width": "140px" };
  return [
    { selector: "node", style: { ...font, label: "data(name)", width: 14, height: 14, "background-color": colour("--link"), "text-valign": "bottom", "text-margin-y": 3 } },
    { selector: "edge", style: { ...font, label: "data(name)", "font-size": 9, color: colour("--soft"), width: 1.2, "line-color": colour("--rule"), "target-arrow-color": colour("--soft"), "target-arrow-shape": "triangle", "arrow-scale": 0.7, "curve-style": "bezier", "text-rotation": "autorotate", "text-background-color": colour("--panel"), "text-background-opacity": 0.8, "text-background-padding": "1px" } },
    { selector: "edge.crowded", style: { label: "" } },
    { selector: "edge:selected", style: { label: "data(name)", "line-color": colour("--mark"), color: colour("--ink"), "z-index": 9 } },
    { selector: "node:selected", style: { "background-color": colour("--mark"), width: 20, height: 20 } },
  ];
}

function point(core: Core, id: string): void {
  core.elements().unselect();
  const node = core.getElementById(id);
  node.select();
  const lines = node.connectedEdges();
  if (lines.length <= MOST_WORDED / 2) lines.select();
  core.center(node);
}
