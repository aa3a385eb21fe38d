// A result on the page -> tabs: its table, and where the values allow it a graph and a chart.
import { startChart } from "./chart";
import { made } from "./dom";
import { startGraph } from "./result_graph";
import { startRows } from "./rows";
import { tableOf, type Rows } from "./table";

interface View { readonly name: string; readonly panel: HTMLElement; readonly begin: () => void }

/** Begin with the table; the other views are made when they are first asked for. */
export function startResult(): void {
  const result = document.getElementById("result");
  const panels = document.getElementById("views");
  const table = document.getElementById("table");
  const share = document.getElementById("share");
  if (share instanceof HTMLInputElement) share.addEventListener("focus", () => share.select());
  const rows = result ? tableOf(result) : null;
  if (!panels || !table || !rows) return;
  startRows(rows, table);
  const views = [{ name: "Table", panel: table, begin: () => undefined }, ...drawings(rows)];
  if (views.length > 1) panels.prepend(tabs(views, panels));
}

function drawings(rows: Rows): View[] {
  const found: View[] = [];
  const addresses = rows.columns.filter((column) => column.kind === "iri");
  if (rows.form === "triples" || addresses.length >= 2) {
    const panel = made("div", { id: "graph", class: "view", hidden: true });
    found.push({ name: "Graph", panel, begin: () => startGraph(rows, panel) });
  }
  if (rows.body.rows.length >= 2 && rows.columns.some((column) => column.kind === "number")) {
    const panel = made("div", { id: "chart", class: "view", hidden: true });
    found.push({ name: "Chart", panel, begin: () => startChart(rows, panel) });
  }
  return found;
}

function tabs(views: View[], panels: HTMLElement): HTMLElement {
  const list = made("div", { class: "tabs", role: "tablist", "aria-label": "Views of the result" });
  const begun = new Set<View>();
  const buttons = views.map((view) => {
    const id = `tab-${view.panel.id}`;
    view.panel.setAttribute("role", "tabpanel");
    view.panel.setAttribute("aria-labelledby", id);
    if (!view.panel.isConnected) panels.append(view.panel);
    return made("button", { type: "button", role: "tab", id, "aria-controls": view.panel.id }, view.name);
  });
  const choose = (chosen: number): void => {
    views.forEach((view, number) => {
      view.panel.hidden = number !== chosen;
      buttons[number]?.setAttribute("aria-selected", String(number === chosen));
      if (buttons[number]) buttons[number].tabIndex = number === chosen ? 0 : -1;
    });
    const view = views[chosen];
    if (view && !begun.has(view)) { begun.add(view); view.begin(); }
  };
  buttons.forEach((button, number) => {
    button.addEventListener("click", () => choose(number));
    button.addEventListener("keydown", (event) => {
      const next = step(event.key, number, buttons.length);
      if (next === null) return;
      event.preventDefault();
      choose(next);
      buttons[next]?.focus();
    });
  });
  list.append(...buttons);
  choose(0);
  return list;
}

function step(key: string, number: number, count: number): number | null {
  if (key === "ArrowRight") return (number + 1) % count;
  if (key === "ArrowLeft") return (number + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
