// What is drawn into a picture that stands alone: SVG with labels, arrows, legend and notice as text.

import type { Colours } from "./colours";
import { kindOf, outline } from "./kinds";

export interface Shape { id: string; type: string; x: number; y: number; lines: string[]; aside: boolean }
export interface Line { source: string; target: string; label: string }
export interface Picture {
  title: string;
  notes: string[]; // notice, version, address
  shapes: Shape[];
  headings: { text: string; x: number; y: number }[]; // of blocks, columns or regions
  lines: Line[];
  legend: { type: string; label: string }[];
  named: boolean; // whether the lines carry their words
}

const EDGE = 60;
const ROW = 13; // from one line of text to the next

/** The picture as the text of an SVG file. */
export function svgOf(picture: Picture, now: Colours): string {
  const { left, top, width, height } = boundsOf([...picture.shapes, ...picture.headings]);
  const foot = 28 + 18 * (Math.ceil(picture.legend.length / 4) + picture.notes.length);
  const head = 34;
  const whole = `${left} ${top - head} ${width} ${height + head + foot}`;
  const places = new Map(picture.shapes.map((one) => [one.id, one]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${whole}" width="${width}" height="${height + head + foot}" font-family="system-ui, sans-serif" font-size="11" fill="${now.ink}">`,
    `<title>${escaped(picture.title)}</title><desc>${escaped(picture.notes.join(" "))}</desc>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8Z" fill="${now.soft}"/></marker></defs>`,
    `<rect x="${left}" y="${top - head}" width="${width}" height="${height + head + foot}" fill="${now.paper}"/>`,
    `<text x="${left + 16}" y="${top - head + 24}" font-size="16" font-weight="bold">${escaped(picture.title)}</text>`,
    `<g stroke="${now.soft}" stroke-opacity="0.7" stroke-width="1.2" fill="none">`,
    ...picture.lines.map((one) => lineOf(one, places)), "</g>",
    ...(picture.named ? picture.lines.map((one) => nameOf(one, places, now)) : []),
    ...picture.shapes.map((one) => shapeOf(one, now)),
    ...picture.headings.map(({ text, x, y }) => `<text x="${tenth(x)}" y="${tenth(y)}" font-size="20" font-weight="bold" text-anchor="middle" fill="${now.soft}">${escaped(text)}</text>`),
    ...legendOf(picture, left + 16, top + height + 22, (width - 32) / 4, now), "</svg>", "",
  ].join("\n");
}

/** Text that can stand in XML. */
export function escaped(text: string): string {
  const safe = text.replace(/[^\t\n\r\u0020-\uFFFD]/g, "");
  return safe.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function boundsOf(shapes: { x: number; y: number; aside?: boolean }[]): { left: number; top: number; width: number; height: number } {
  const spread = shapes.length ? shapes : [{ x: 0, y: 0 }];
  const [left, right] = [Math.min(...spread.map(({ x }) => x)), Math.max(...spread.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...spread.map(({ y }) => y)), Math.max(...spread.map(({ y }) => y))];
  const margin = Math.max(EDGE + 20, (820 - (right - left)) / 2);
  const aside = shapes.some((one) => one.aside) ? 200 : 0; // for the words beside the last column
  return {
    left: Math.round(left - margin), top: Math.round(top - EDGE),
    width: Math.round(right - left + 2 * margin + aside), height: Math.round(bottom - top + 2 * EDGE),
  };
}

function lineOf({ source, target }: Line, places: Map<string, Shape>): string {
  const [from, to] = [places.get(source), places.get(target)];
  if (!from || !to) return "";
  const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const short = Math.max(0, far - kindOf(to.type).size / 2 - 2) / far;
  const [x, y] = [from.x + (to.x - from.x) * short, from.y + (to.y - from.y) * short];
  return `<path d="M${tenth(from.x)} ${tenth(from.y)}L${tenth(x)} ${tenth(y)}" marker-end="url(#tip)"/>`;
}

function nameOf({ source, target, label }: Line, places: Map<string, Shape>, now: Colours): string {
  const [from, to] = [places.get(source), places.get(target)];
  if (!from || !to) return "";
  const [x, y] = [tenth((from.x + to.x) / 2), tenth((from.y + to.y) / 2)];
  return `<text x="${x}" y="${y}" font-size="9" text-anchor="middle" fill="${now.soft}" stroke="${now.paper}" stroke-width="3" paint-order="stroke">${escaped(label)}</text>`;
}

function shapeOf({ type, x, y, lines, aside }: Shape, now: Colours): string {
  const kind = kindOf(type);
  const radius = kind.size / 2;
  const first = tenth(aside ? y + 4 - ((lines.length - 1) * ROW) / 2 : y + radius + ROW);
  const start = tenth(aside ? x + radius + 5 : x);
  const text = lines.map((line, at) => `<tspan x="${start}" dy="${at ? ROW : 0}">${escaped(line)}</tspan>`);
  return (
    `<path d="${outline(kind, x, y, radius)}" fill="${now.kinds[kind.name]!}" stroke="${now.paper}"/>` +
    `<text x="${start}" y="${first}" text-anchor="${aside ? "start" : "middle"}" stroke="${now.paper}" stroke-width="3" stroke-opacity="0.8" paint-order="stroke">${text.join("")}</text>`
  );
}

function legendOf(picture: Picture, left: number, top: number, step: number, now: Colours): string[] {
  const rows = Math.ceil(picture.legend.length / 4);
  const kinds = picture.legend.map(({ type, label }, at) => {
    const [x, y] = [left + (at % 4) * step, top + Math.floor(at / 4) * 18];
    const kind = kindOf(type);
    return `<path d="${outline(kind, x + 7, y - 4, 7)}" fill="${now.kinds[kind.name]!}"/><text x="${tenth(x + 20)}" y="${y}">${escaped(label)}</text>`;
  });
  const notes = picture.notes.map((note, at) => `<text x="${left}" y="${top + (rows + at) * 18 + 6}" fill="${now.soft}">${escaped(note)}</text>`);
  return [...kinds, ...notes];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
