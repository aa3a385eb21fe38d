// The colours of the page, read from its style sheet, and what Cytoscape draws with them.

import type { EdgeSingular, StylesheetJson } from "cytoscape";
import { KINDS } from "./kinds";

export interface Colours {
  paper: string; panel: string; ink: string; soft: string; rule: string; link: string; mark: string;
  kinds: Record<string, string>;
}

/** The colours as they are now: light or dark. */
export function colours(): Colours {
  const read = getComputedStyle(document.documentElement);
  const of = (name: string): string => read.getPropertyValue(`--${name}`).trim() || "#888888";
  return {
    paper: of("paper"), panel: of("panel"), ink: of("ink"), soft: of("soft"), rule: of("rule"),
    link: of("link"), mark: of("mark"),
    kinds: Object.fromEntries(KINDS.map(({ name }) => [name, of(`kind-${name}`)])),
  };
}

/** Calls when the person changes between light and dark. */
export function onNewColours(act: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
}

/** Style of the canvas; `big` is for thousands of things: plain lines, and names only from near. */
export function canvasStyle(now: Colours, big: boolean): StylesheetJson {
  return [...things(now, big), ...ties(now, big), ...marked(now, big)];
}

function things(now: Colours, big: boolean): StylesheetJson {
  const kinds: StylesheetJson = KINDS.map(({ name, points, size }) => ({
    selector: `node[kind = "${name}"]`,
    style: {
      "background-color": now.kinds[name]!,
      width: big ? size * 2 : size, height: big ? size * 2 : size,
      shape: points === null ? "ellipse" : "polygon",
      ...(points === null ? {} : { "shape-polygon-points": points }),
    },
  }));
  const every = {
    label: "data(caption)", "text-wrap": "wrap" as const, "font-size": 11, color: now.ink,
    "font-family": "system-ui, sans-serif", "text-valign": "bottom" as const, "text-margin-y": 3,
    "min-zoomed-font-size": big ? 9 : 6, "border-width": 1, "border-color": now.paper,
    "text-background-color": now.paper, "text-background-opacity": big ? 0 : 0.78,
    "overlay-opacity": 0, "line-height": 1.1,
  };
  const aside = {
    "text-valign": "center" as const, "text-halign": "right" as const, "text-margin-y": 0,
    "text-margin-x": 5, "text-justification": "left" as const,
    "font-size": 12,
  };
  const hub = { "min-zoomed-font-size": 0, "font-size": "data(loud)", "font-weight": "bold" as const, "z-index": 7 };
  const still = { "font-size": 11, "font-weight": "normal" as const, "min-zoomed-font-size": 6, "z-index": 0 };
  return [
    { selector: "node", style: every }, { selector: "node.hub", style: hub }, { selector: "node.still", style: still },
    ...kinds, { selector: "node.aside", style: aside }, { selector: "node.heading", style: heading(now, big) },
  ];
}

function heading(now: Colours, big: boolean): object {
  return {
    width: 1, height: 1, "background-opacity": 0, "border-width": 0, "font-size": big ? 90 : 24, color: big ? now.ink : now.soft,
    "text-valign": "center", "min-zoomed-font-size": 0, events: "no", "font-weight": "bold",
    "z-index": 8,
  };
}

function ties(now: Colours, big: boolean): StylesheetJson {
  const line = { width: 1.2, "line-color": now.rule, "overlay-opacity": 0 };
  const arrow = {
    "target-arrow-shape": "triangle" as const, "target-arrow-color": now.soft, "arrow-scale": 0.8,
    "curve-style": "bezier" as const, "control-point-step-size": 24, "line-color": now.soft,
    "line-opacity": 0.6,
  };
  return [
    { selector: "edge", style: big ? { ...line, "curve-style": "haystack" } : { ...line, ...arrow } },
    { selector: "edge.derived", style: { "line-style": "dashed" } },
    { selector: "edge.quiet", style: { "line-opacity": 0.25, "target-arrow-shape": "none" } },
    {
      selector: "edge.arc",
      style: {
        "curve-style": "unbundled-bezier", "control-point-weights": [0.5], "target-arrow-shape": "none",
        "control-point-distances": ((tie: EdgeSingular) => [tie.data("bend")]) as unknown as number[],
      },
    },
    {
      selector: "edge.named, edge.arc",
      style: {
        label: "data(label)", "font-size": 9, color: now.soft, "text-background-color": now.paper,
        "text-background-opacity": 0.9, "text-background-padding": "1px", "min-zoomed-font-size": 6,
        "text-rotation": "autorotate",
      },
    },
    { selector: "edge.way", style: { "text-rotation": "none" } },
    { selector: "edge.arc", style: { "text-rotation": "none", "text-wrap": "wrap", "text-max-width": "90px" } },
  ];
}

function marked(now: Colours, big: boolean): StylesheetJson {
  const line = {
    width: 2.4, "line-color": now.link, "line-opacity": 1, "target-arrow-color": now.link,
    color: now.link, "z-index": 5,
  };
  return [
    { selector: "edge.near, edge.way", style: line },
    { selector: "edge.crowd", style: { width: 1, "line-opacity": 0.4, "target-arrow-shape": "none" } },
    { selector: "node.pinned", style: { "border-width": 3, "border-style": "double", "border-color": now.ink } },
    { selector: "node.way", style: { "border-width": 3, "border-color": now.link } },
    { selector: "node.near", style: { "border-width": 2, "border-color": now.link } },
    {
      selector: "node.chosen",
      style: {
        "border-width": 4, "border-color": now.link, "font-weight": "bold", "z-index": 9,
        "min-zoomed-font-size": 0, "font-size": big ? 64 : 16, "outline-width": 3, "outline-color": now.link,
        "outline-opacity": 0.35, "outline-offset": 3,
      },
    },
  ];
}
