// Rows with two addresses, or triples -> a drawing of nodes and lines, and the same as a list.
import type { Core } from "cytoscape";
import { labelled, made } from "./dom";
import { drawNetwork, type Drawn } from "./result_drawing";
import { cellsOf, type Cell, type Column, type Rows } from "./table";

const MOST_NODES = 300;

export interface Node { readonly id: string; readonly name: string; readonly href: string }
export interface Edge { readonly from: string; readonly to: string; readonly name: string }
export interface Network { readonly nodes: Map<string, Node>; readonly edges: Edge[]; readonly left: number }

/** Put the choices, the drawing and its list into `panel`. */
export function startGraph(rows: Rows, panel: HTMLElement): void {
  const addresses = rows.form === "triples" ? rows.columns : rows.columns.filter((column) => column.kind === "iri");
  const [from, to] = [chooser(addresses, 0), chooser(addresses, rows.form === "triples" ? 2 : 1)];
  const words = chooser(rows.columns, rows.form === "triples" ? 2 : 0, "nothing");
  if (rows.form === "triples") words.value = "1";
  const told = made("p", { class: "hint", role: "status" });
  const canvas = made("div", { class: "canvas", "aria-hidden": "true" });
  const list = made("ul", { class: "twin", "aria-label": "What is drawn, as a list" });
  const tools = made("div", { class: "tools" }, labelled("From", from), labelled("To", to), labelled("Words on the lines", words));
  panel.append(...(rows.form === "triples" ? [] : [tools]), told, made("div", { class: "drawing" }, canvas, list));
  let core: Core | null = null;
  const draw = async (): Promise<void> => {
    core?.destroy();
    const network = networkOf(rows, Number(from.value), Number(to.value), Number(words.value));
    told.textContent = "Drawing …";
    const picture = await drawNetwork(network, canvas);
    core = picture.core;
    list.replaceChildren(...twin(network, picture, told));
    told.textContent = summary(network);
    canvas.dataset["nodes"] = String(network.nodes.size);
  };
  for (const field of [from, to, words]) field.addEventListener("change", () => void draw());
  void draw();
}

function chooser(columns: readonly Column[], chosen: number, none = ""): HTMLSelectElement {
  const field = made("select", {});
  if (none) field.append(made("option", { value: "-1" }, none));
  columns.forEach((column, number) => {
    field.append(made("option", { value: String(column.index), selected: !none && number === chosen }, column.name));
  });
  return field;
}

/** The nodes and lines of rows, up to the most that can be read; literals are no nodes. */
function networkOf(rows: Rows, from: number, to: number, words: number): Network {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  let left = 0;
  for (const row of rows.body.rows) {
    const cells = cellsOf(row);
    const [one, other] = [cells[from], cells[to]];
    if (!one?.iri || !other?.iri) continue;
    const fresh = new Set([one.iri, other.iri].filter((iri) => !nodes.has(iri)));
    if (nodes.size + fresh.size > MOST_NODES) { left += 1; continue; }
    for (const cell of [one, other]) nodes.set(cell.iri, nodeOf(cell));
    const name = cells[words]?.text ?? "";
    edges.set(`${one.iri} ${other.iri} ${name}`, { from: one.iri, to: other.iri, name });
  }
  return { nodes, edges: [...edges.values()], left };
}

function nodeOf(cell: Cell): Node {
  return { id: cell.iri, name: cell.text, href: cell.href };
}

function summary({ nodes, edges, left }: Network): string {
  if (nodes.size === 0) return "Nothing to draw: no row leads from one thing to another. Texts and numbers are in the table.";
  const more = left > 0 ? ` The drawing ends at ${MOST_NODES} things: ${left} rows are left out.` : "";
  return `${nodes.size} things and ${edges.length} lines between them; texts and numbers are in the table.${more}`;
}

/** A list item for each node: a button that points it out, and a link to its page. */
function twin({ nodes, edges }: Network, picture: Drawn, told: HTMLElement): HTMLElement[] {
  const buttons: HTMLButtonElement[] = [];
  return [...nodes.values()].map((node) => {
    const out = edges.filter((edge) => edge.from === node.id);
    const button = made("button", { type: "button", "aria-pressed": "false" }, node.name);
    buttons.push(button);
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      picture.point(node.id);
      const leads = out.slice(0, 8).map((edge) => `${edge.name || "to"} ${nodes.get(edge.to)?.name ?? ""}`);
      const into = edges.filter((edge) => edge.to === node.id).length;
      told.textContent = `${node.name}: ${leads.join("; ") || "leads to nothing here"}${out.length > 8 ? "; …" : ""}; ${into} lines come in.`;
    });
    const count = made("span", { class: "count" }, out.length > 0 ? ` leads to ${out.length} ` : " ");
    return made("li", {}, button, count, ...(node.href ? [made("a", { href: node.href, "aria-label": `Page of ${node.name}` }, "page")] : []));
  });
}
