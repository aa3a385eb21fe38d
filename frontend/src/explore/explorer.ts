// The explorer: one view, which is the address, drawn as picture, list, panel and words.

import { Canvas } from "./canvas";
import { button, make, part } from "./elements";
import { type Shown, savePng, saveSvg, tellForm } from "./exports";
import { passes, showFilters } from "./filters";
import { NO_FILTERS, changed, gathered, usualFor } from "./gathering";
import { type Graph, type Thing, many } from "./graph";
import type { Arrangement } from "./layouts";
import { showList } from "./list";
import { Panel } from "./panel";
import { here, neighboursOf } from "./server";
import {
  type Expansion, NOTHING, type View, baseOf, focusedOn, isEmpty, nameOf, queryOf, viewOf,
} from "./state";

export class Explorer {
  private view: View = NOTHING;
  private shown: Graph | null = null;
  private shownBase: string | null = null;
  private chosen: string | null = null;
  private turn = 0; // of the newest view; what comes late for an older one is dropped
  private step = Number((history.state as { step?: number } | null)?.step ?? 0);
  private last = this.step;
  private readonly box = part("cy");
  private readonly canvas = new Canvas(this.box, {
    chosen: (id) => this.choose(id), moved: (id, place) => this.moved(id, place.x, place.y),
    over: (words, place) => name(words, place.x, place.y),
  });
  private readonly panel: Panel;

  constructor(pathEnd: (end: "from" | "to", one: Thing) => void) {
    this.panel = new Panel(part("panel"), {
      focus: (id) => this.focus(id),
      columns: (id) => this.change({ ...NOTHING, facts: this.view.facts, study: id }),
      pathFrom: (one) => pathEnd("from", one), pathTo: (one) => pathEnd("to", one),
      pin: (id) => this.pin(id),
      remove: (id) => this.change({ ...this.view, removed: [...this.view.removed, id] }),
      expand: (one, there) => void this.expand(one, there),
      way: (steps) => this.canvas.showWay(steps),
    });
    window.addEventListener("popstate", (event) => {
      this.step = Number((event.state as { step?: number } | null)?.step ?? 0);
      void this.show(viewOf(location.search));
    });
  }

  /** Begin with what the address asks for. */
  start(): Promise<void> {
    return this.show(viewOf(location.search));
  }

  /** Go to another view; the address follows, and "back" leads to this one again. */
  change(view: View): void {
    const query = queryOf(view);
    if (query === queryOf(this.view)) return;
    this.step += 1;
    this.last = this.step;
    history.pushState({ step: this.step }, "", `${location.pathname}?${query}`);
    void this.show(view);
  }

  focus(id: string, besides = false): void {
    const adds = besides && this.view.focus.length > 0 && !this.view.focus.includes(id);
    this.change(adds ? { ...this.view, focus: [...this.view.focus, id] } : focusedOn(id, this.view));
  }

  pathBetween(from: string, to: string): void {
    this.change({ ...NOTHING, facts: this.view.facts, path: [from, to] });
  }

  setDepth(depth: number): void {
    this.change({ ...this.view, depth });
  }

  arrange(name: Arrangement): void {
    if (this.shown) this.canvas.arrange(name);
  }

  fit(): void {
    this.canvas.fit();
  }

  /** A key on the canvas: whether it meant something. */
  key(key: string): boolean {
    if (!this.shown) return false;
    if (key.startsWith("Arrow")) this.choose(this.canvas.towards(this.chosen ?? "", key), true);
    else if (key === "Enter") this.panel.enter();
    else if ("+=-".includes(key)) this.canvas.zoom(key === "-" ? 0.8 : 1.25);
    else if (key === "0") this.canvas.fit();
    else if (key === "Delete" && this.chosen) this.change({ ...this.view, removed: [...this.view.removed, this.chosen] });
    else if (key === "Escape") this.choose(null);
    else return false;
    return true;
  }

  async save(format: "png" | "svg"): Promise<void> {
    try {
      if (format === "svg") saveSvg(this.sheet(), this.canvas);
      else await savePng(this.sheet(), this.canvas);
      this.say(`The picture is saved as ${format.toUpperCase()}.`);
    } catch (error) {
      this.say(`The picture was not saved. ${(error as Error).message}`);
    }
  }

  private async show(view: View): Promise<void> {
    this.turn += 1;
    const turn = this.turn;
    this.view = view;
    this.follow();
    part("explorer").hidden = isEmpty(view);
    part("begin").hidden = !isEmpty(view);
    document.querySelector(".explore")!.classList.toggle("idle", isEmpty(view));
    if (isEmpty(view)) return;
    this.box.setAttribute("aria-busy", "true");
    part("waiting").hidden = false;
    try {
      const { graph, whole, faults } = await gathered(view);
      if (turn === this.turn) this.draw(graph, whole, faults);
    } catch (error) {
      if (turn === this.turn) this.fail((error as Error).message);
    }
    if (turn !== this.turn) return;
    part("waiting").hidden = true;
    this.box.removeAttribute("aria-busy");
  }

  private draw(graph: Graph, whole: Graph, faults: string[]): void {
    const { view } = this;
    const base = baseOf(view);
    const before = new Set(this.shown?.nodes.map((one) => one.id));
    const fresh = base !== this.shownBase;
    this.shown = graph;
    this.shownBase = base;
    part("fault").replaceChildren(...faults.map((text) => make("p", { class: "fault" }, text)));
    const roots = [...view.focus, ...view.path, view.study].filter(Boolean);
    const arrangement = fresh ? usualFor(view, graph) : (part<HTMLSelectElement>("layout").value as Arrangement);
    part<HTMLSelectElement>("layout").value = arrangement;
    this.canvas.draw({ graph, roots, pins: view.pin, arrangement, fresh });
    if (graph.steps?.[0]) this.canvas.showWay(graph.steps[0]);
    showList(part("list"), graph.nodes, (id) => this.choose(id, true));
    showFilters(part("filters"), whole, view, (facet, values) => this.change({ ...this.view, [facet]: values }));
    this.count(whole.nodes.filter((one) => !roots.includes(one.id) && !passes(one, view)).length);
    tellForm(this.sheet());
    const there = (id: string | null): boolean => graph.nodes.some((one) => one.id === id);
    const first = fresh ? (view.focus[view.focus.length - 1] ?? view.study) : this.chosen;
    this.choose(there(first ?? null) ? first! : null);
    this.say(changed(before, graph, fresh));
  }

  private choose(id: string | null, aloud = false): void {
    this.chosen = id;
    this.canvas.choose(id);
    const one = this.shown?.nodes.find((node) => node.id === id);
    for (const item of part("list").querySelectorAll<HTMLElement>("[data-id]")) {
      if (item.dataset["id"] === id) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
    if (one) void this.panel.thing(one, this.view, this.shown!);
    else if (this.shown) this.panel.overview(this.shown);
    if (one && aloud) {
      const ties = this.shown!.edges.filter((tie) => tie.source === id || tie.target === id).length;
      this.say(`${one.typeLabel}: ${one.label}. ${many(ties, "relation")} shown.`);
    }
  }

  /** Take away what a relation leads to (`there`), or add all of it. */
  private async expand(one: Expansion, there: string[] | null): Promise<void> {
    const { view } = this;
    const name = nameOf(one);
    const expand = view.expand.filter((other) => nameOf(other) !== name);
    if (there !== null) {
      const isOpened = expand.length < view.expand.length;
      const gone = there.filter((id) => !view.focus.includes(id));
      return this.change({ ...view, expand, removed: isOpened ? view.removed : [...view.removed, ...gone] });
    }
    try {
      const comes = new Set((await neighboursOf(one, Math.min(view.limit, 300))).nodes.map(({ id }) => id));
      const removed = view.removed.filter((id) => !comes.has(id));
      if (this.view === view) this.change({ ...view, expand: [...expand, one], removed });
    } catch (error) {
      this.say(`Nothing was added. ${(error as Error).message}`);
    }
  }

  private pin(id: string): void {
    const others = this.view.pin.filter((one) => one.id !== id);
    const place = this.canvas.places().get(id);
    if (others.length < this.view.pin.length || !place) this.change({ ...this.view, pin: others });
    else this.change({ ...this.view, pin: [...others, { id, x: Math.round(place.x), y: Math.round(place.y) }] });
  }

  private moved(id: string, x: number, y: number): void {
    if (!this.view.pin.some((one) => one.id === id)) return;
    const pin = this.view.pin.map((one) => (one.id === id ? { id, x: Math.round(x), y: Math.round(y) } : one));
    this.change({ ...this.view, pin });
  }

  /** The parts of the page that repeat the address. */
  private follow(): void {
    part<HTMLInputElement>("share").value = location.href;
    part<HTMLButtonElement>("undo").disabled = this.step === 0;
    part<HTMLButtonElement>("redo").disabled = this.step >= this.last;
    part<HTMLSelectElement>("depth").value = String(this.view.depth);
    part("depth-box").hidden = this.view.focus.length === 0;
  }

  /** How much is shown, and ways to what is not. */
  private count(filtered: number): void {
    const { view } = this;
    const { shown, total } = this.shown!;
    const limit = Math.min(5000, Math.max(view.limit * 2, 600));
    const raised = { ...view, limit };
    const more = make("a", {
      href: `${here("/explore")}?${queryOf(raised)}`,
      click: (event) => { event.preventDefault(); this.change(raised); },
    }, `show up to ${limit.toLocaleString("en")}`);
    const way = (text: string, to: Partial<View>): HTMLElement =>
      button(text, () => this.change({ ...this.view, ...to }), { class: "plain" });
    const parts: (string | HTMLElement)[] = [`${shown.toLocaleString("en")} of ${many(total, "thing")} shown`];
    if (shown < total && view.limit < 5000) parts.push(" · ", more);
    if (filtered) parts.push(` · ${filtered.toLocaleString("en")} hidden by filters, `, way("clear them", NO_FILTERS));
    if (view.removed.length) parts.push(" · ", way(`bring back ${many(view.removed.length, "removed thing")}`, { removed: [] }));
    part("shown").replaceChildren(...parts);
  }

  private fail(text: string): void {
    const again = button("Try again", () => void this.show(this.view));
    part("fault").replaceChildren(make("p", { class: "fault", role: "alert" }, text), again);
    this.say("");
  }

  private sheet(): Shown {
    const graph = this.shown!;
    const roots = [...this.view.focus, ...this.view.path, this.view.study];
    const named = roots.map((id) => graph.nodes.find((one) => one.id === id)?.label).filter(Boolean);
    const title = named.join(this.view.path.length ? " to " : ", ") || (this.view.overlap ? `overlap ${this.view.overlap}` : "graph");
    const { version, notice } = part("explorer").dataset;
    return { graph, title, version: version ?? "", notice: notice ?? "" };
  }

  private say(text: string): void {
    part("status").textContent = text;
  }
}

/** The name of what the pointer is on, beside it. */
function name(words: string, x: number, y: number): void {
  const box = part("over");
  box.textContent = words;
  box.hidden = words === "";
  box.style.left = `${Math.max(4, Math.min(x + 14, part("cy").clientWidth - 260))}px`;
  box.style.top = `${y + 14}px`;
}
