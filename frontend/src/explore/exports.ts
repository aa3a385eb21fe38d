// The picture as files: PNG and SVG made here, the others by the server from what is shown.

import type { Canvas } from "./canvas";
import { colours } from "./colours";
import { part } from "./elements";
import { type Graph, caption, counted, ownerOf } from "./graph";
import { type Picture, svgOf } from "./picture";

export interface Shown { graph: Graph; title: string; version: string; notice: string }

/** The name of a file: what it shows and of which version of the graph. */
export function fileName(shown: Shown, ending: string): string {
  const what = shown.title.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const version = shown.version.replace(/[^\w.-]+/g, "-");
  return `metalocal-${what.slice(0, 60) || "graph"}${version ? `-${version}` : ""}.${ending}`;
}

/** Save the picture as SVG, with its labels as text. */
export function saveSvg(shown: Shown, canvas: Canvas): void {
  const text = svgOf(pictureOf(shown, canvas), colours());
  save(new Blob([text], { type: "image/svg+xml" }), fileName(shown, "svg"));
}

/** Save the picture as PNG, with title, notice and version below it. */
export async function savePng(shown: Shown, canvas: Canvas): Promise<void> {
  const picture = await createImageBitmap(await canvas.png());
  const now = colours();
  const sheet = document.createElement("canvas");
  const words = [shown.title, ...notesOf(shown)];
  const [edge, row] = [40, 34];
  const pen = sheet.getContext("2d");
  if (pen === null) throw new Error("This browser draws no pictures.");
  const font = (at: number): string => `${at ? "" : "bold "}24px system-ui, sans-serif`;
  const wide = words.map((word, at) => { pen.font = font(at); return pen.measureText(word).width; });
  sheet.width = Math.max(picture.width, ...wide) + 2 * edge;
  sheet.height = picture.height + 2 * edge + row * (words.length + 1);
  pen.fillStyle = now.paper;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(picture, (sheet.width - picture.width) / 2, edge);
  words.forEach((word, at) => {
    pen.font = font(at);
    pen.fillStyle = at ? now.soft : now.ink;
    pen.fillText(word, edge, picture.height + edge + row * (at + 2));
  });
  const blob = await new Promise<Blob | null>((give) => sheet.toBlob(give, "image/png"));
  if (blob === null) throw new Error("The picture is too large for a PNG; save it as SVG.");
  save(blob, fileName(shown, "png"));
}

/** Tell the form for the other formats what is shown. */
export function tellForm(shown: Shown): void {
  const ids = shown.graph.nodes.filter((one) => one.path).map((one) => one.id);
  part<HTMLInputElement>("export-ids").value = ids.join(",");
  part<HTMLInputElement>("export-name").value = fileName({ ...shown, version: "" }, "").slice(10, -1);
}

function pictureOf({ graph, ...shown }: Shown, canvas: Canvas): Picture {
  const places = canvas.places();
  const owner = ownerOf(graph.nodes);
  return {
    title: shown.title,
    notes: notesOf({ graph, ...shown }),
    shapes: graph.nodes.map((one) => ({
      id: one.id, type: one.type, lines: caption(one, owner), aside: Boolean(one.column),
      ...(places.get(one.id) ?? { x: 0, y: 0 }),
    })),
    headings: canvas.headings().map(({ text, at }) => ({ text, ...at })),
    lines: graph.edges,
    legend: counted(graph.nodes.map((one) => ({ value: one.type, label: one.typeLabel })))
      .map(({ value, label }) => ({ type: value, label })),
    named: Boolean(graph.steps),
  };
}

function notesOf(shown: Shown): string[] {
  const version = shown.version ? `, graph version ${shown.version}` : "";
  const { nodes, edges, total } = shown.graph;
  return [shown.notice, `metalocal${version}: ${nodes.length} of ${total} things, ${edges.length} relations.`];
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
