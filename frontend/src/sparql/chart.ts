// Numbers of a result -> bars or a cloud of points, for the columns a reader chooses.
import { drawn, labelled, made } from "./dom";
import { scaleOf, type Scale } from "./scale";
import { cellsOf, type Cell, type Column, type Rows } from "./table";

const MOST_BARS = 60;
const WIDTH = 860, LEFT = 300, RIGHT = 60, LINE = 22;
const LINES = "rows that the table shows";

/** Put the choices and the chart into `panel`. */
export function startChart(rows: Rows, panel: HTMLElement): void {
  const numbers = rows.columns.filter((column) => column.kind === "number");
  const words = rows.columns.filter((column) => column.kind !== "number" && hasText(rows, column));
  const value = chooser(numbers);
  const against = made("select", {});
  for (const column of words) against.append(made("option", { value: `bar ${column.index}` }, `bars, one for each ${column.name}`));
  if (words.length === 0) against.append(made("option", { value: "bar -1" }, "bars, one for each row"));
  for (const column of numbers) against.append(made("option", { value: `dot ${column.index}` }, `points, against ${column.name}`));
  const named = against.querySelector(`option[value="bar ${words.find((each) => /label|name/i.test(each.name))?.index}"]`);
  if (named instanceof HTMLOptionElement) named.selected = true;
  const place = made("div", { class: "chart wide", tabindex: "0", role: "region", "aria-label": "Chart" });
  const told = made("p", { class: "hint", role: "status" });
  const draw = (): void => {
    const column = rows.columns[Number(value.value)];
    const [kind = "bar", index = "-1"] = against.value.split(" ");
    if (column) show(rows, column, kind, Number(index), place, told);
  };
  for (const field of [value, against]) field.addEventListener("change", draw);
  panel.append(made("div", { class: "tools" }, labelled("Number", value), labelled("Drawn as", against)), told, place);
  draw();
}

function hasText(rows: Rows, { index }: Column): boolean {
  return [...rows.body.rows].some((row) => (row.cells[index]?.textContent ?? "").trim() !== "");
}

function chooser(columns: readonly Column[]): HTMLSelectElement {
  const field = made("select", {});
  for (const column of columns) field.append(made("option", { value: String(column.index) }, column.name));
  return field;
}

function show(
  rows: Rows, column: Column, kind: string, index: number, place: HTMLElement, told: HTMLElement,
): void {
  const all = [...rows.body.rows].filter((row) => !row.hidden).map(cellsOf);
  const drawable = all.filter((cells) => number(cells, column.index) !== null);
  const other = rows.columns[index];
  const chart = kind === "dot" && other ? dots(drawable, column, other) : bars(drawable.slice(0, MOST_BARS), column, index);
  place.replaceChildren(chart);
  const values = drawable.map((cells) => number(cells, column.index) ?? 0);
  told.textContent = values.length === 0
    ? "No row that the table shows has a number here."
    : `${column.name}: ${summary(values)}. ${left(kind, values.length, all.length)} The numbers themselves are in the table.`;
}

function summary(values: number[]): string {
  return `${values.length} ${LINES}, from ${Math.min(...values)} to ${Math.max(...values)}`;
}

function left(kind: string, drawable: number, all: number): string {
  const unknown = all > drawable ? `${all - drawable} rows without a number are left out. ` : "";
  return unknown + (kind === "bar" && drawable > MOST_BARS ? `The first ${MOST_BARS} are drawn, in the order of the table.` : "");
}

function number(cells: Cell[], index: number): number | null {
  return cells[index]?.number ?? null;
}

function bars(rows: Cell[][], column: Column, index: number): SVGElement {
  const height = rows.length * LINE + 60;
  const values = rows.map((cells) => number(cells, column.index) ?? 0);
  const scale = scaleOf(values, LEFT, WIDTH - LEFT - RIGHT, true);
  const picture = canvas(height, `Bars of ${column.name}, one for each of ${rows.length} rows`);
  picture.append(...across(scale, 10, height - 50, column.name));
  rows.forEach((cells, line) => {
    const value = values[line] ?? 0;
    const name = cells[index]?.text || `row ${line + 1}`;
    const from = Math.min(scale.at(0), scale.at(value));
    const top = 12 + line * LINE;
    picture.append(
      drawn("text", { x: LEFT - 8, y: top + 14, "text-anchor": "end" }, cut(name, 42), drawn("title", {}, name)),
      drawn("rect", { class: "bar", x: from, y: top, width: Math.max(1, Math.abs(scale.at(value) - scale.at(0))), height: LINE - 6 }, drawn("title", {}, `${name}: ${value}`)),
      drawn("text", { x: Math.max(scale.at(0), scale.at(value)) + 5, y: top + 14 }, String(value)),
    );
  });
  return picture;
}

function dots(rows: Cell[][], column: Column, other: Column): SVGElement {
  const height = 460;
  const fitting = rows.filter((cells) => number(cells, other.index) !== null);
  const across_ = scaleOf(fitting.map((cells) => number(cells, other.index) ?? 0), 80, WIDTH - 80 - RIGHT, false);
  const up = scaleOf(fitting.map((cells) => number(cells, column.index) ?? 0), height - 60, -(height - 80), false);
  const picture = canvas(height, `${fitting.length} points: ${column.name} against ${other.name}`);
  picture.append(...across(across_, 20, height - 60, other.name), ...upwards(up, column.name));
  for (const cells of fitting) {
    const [x, y] = [number(cells, other.index) ?? 0, number(cells, column.index) ?? 0];
    const name = cells.find((cell) => cell.number === null && cell.text)?.text ?? "";
    picture.append(drawn("circle", { class: "dot", cx: across_.at(x), cy: up.at(y), r: 5 }, drawn("title", {}, `${name} ${other.name} ${x}, ${column.name} ${y}`)));
  }
  return picture;
}

function canvas(height: number, words: string): SVGElement {
  return drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img", "aria-label": words });
}

function across(scale: Scale, top: number, bottom: number, name: string): SVGElement[] {
  const lines = scale.ticks.flatMap((tick) => [
    drawn("line", { class: tick === 0 ? "axis" : "grid", x1: scale.at(tick), x2: scale.at(tick), y1: top, y2: bottom }),
    drawn("text", { x: scale.at(tick), y: bottom + 18, "text-anchor": "middle" }, String(tick)),
  ]);
  const ends = scale.ticks.map(scale.at);
  const middle = (Math.min(...ends) + Math.max(...ends)) / 2;
  return [...lines, drawn("text", { x: middle, y: bottom + 38, "text-anchor": "middle", "font-weight": 600 }, name)];
}

function upwards(scale: Scale, name: string): SVGElement[] {
  const lines = scale.ticks.flatMap((tick) => [
    drawn("line", { class: "grid", x1: 80, x2: WIDTH - RIGHT, y1: scale.at(tick), y2: scale.at(tick) }),
    drawn("text", { x: 72, y: scale.at(tick) + 4, "text-anchor": "end" }, String(tick)),
  ]);
  return [...lines, drawn("text", { x: 8, y: 14, "font-weight": 600 }, name)];
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
