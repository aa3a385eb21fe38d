// The tools above the picture: search, path, layout, undo, filters, export, share.

import { part } from "./elements";
import type { Explorer } from "./explorer";
import type { Thing } from "./graph";
import type { Arrangement } from "./layouts";
import { offerThings } from "./search";

/** The two ends of the path that is being chosen. */
export class PathForm {
  private readonly ends: { from: string; to: string } = { from: "", to: "" };

  constructor(private readonly find: (from: string, to: string) => void) {
    for (const end of ["from", "to"] as const) {
      const input = part<HTMLInputElement>(`path-${end}`);
      input.placeholder = "name of a study, population, guideline …";
      offerThings(input, (one) => this.set(end, one));
      input.addEventListener("input", () => { this.ends[end] = ""; });
    }
    part("path-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** Take a thing as one end; with both, the path is sought. */
  set(end: "from" | "to", one: Thing): void {
    this.ends[end] = one.id;
    part<HTMLInputElement>(`path-${end}`).value = one.label;
    part<HTMLDetailsElement>("path-tool").open = true;
    part("path-said").textContent = "";
    if (this.ends.from && this.ends.to) this.submit();
    else part<HTMLInputElement>(`path-${end === "from" ? "to" : "from"}`).focus();
  }

  private submit(): void {
    const given = (end: "from" | "to"): string => {
      const typed = part<HTMLInputElement>(`path-${end}`).value.trim();
      return this.ends[end] || (/^(id|ontology)\/|^profile$/.test(typed) ? typed : "");
    };
    const [from, to] = [given("from"), given("to")];
    part("path-said").textContent = from && to ? "" : "Choose both ends from what is offered while you type.";
    if (!from || !to) return;
    part<HTMLDetailsElement>("path-tool").open = false;
    this.find(from, to);
  }
}

/** Make every tool of the page work. */
export function useTools(explorer: Explorer): void {
  const search = part<HTMLInputElement>("search");
  offerThings(search, (one) => {
    search.value = "";
    explorer.focus(one.id, part<HTMLInputElement>("besides").checked);
  });
  const press = (id: string, act: () => void): void => part(id).addEventListener("click", act);
  press("undo", () => history.back());
  press("redo", () => history.forward());
  press("fit", () => explorer.fit());
  press("wide", () => {
    const isWide = document.querySelector(".explore")!.classList.toggle("whole");
    part("wide").setAttribute("aria-pressed", String(isWide));
    requestAnimationFrame(() => explorer.fit());
  });
  press("save-png", () => void explorer.save("png"));
  press("save-svg", () => void explorer.save("svg"));
  const layout = part<HTMLSelectElement>("layout");
  layout.addEventListener("change", () => explorer.arrange(layout.value as Arrangement));
  const depth = part<HTMLSelectElement>("depth");
  depth.addEventListener("change", () => explorer.setDepth(Number(depth.value)));
  const share = part<HTMLInputElement>("share");
  part("share-tool").addEventListener("toggle", () => share.select());
  share.addEventListener("focus", () => share.select());
  part("cy-region").addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && explorer.key(event.key)) event.preventDefault();
  });
  closeMenus();
}

/** One menu is open at a time; Escape and a press elsewhere close it. */
function closeMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>("details.tool")];
  for (const menu of menus) {
    menu.addEventListener("toggle", () => {
      if (menu.open) for (const other of menus) if (other !== menu) other.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  }
  document.addEventListener("pointerdown", (event) => {
    for (const menu of menus) if (!menu.contains(event.target as Node)) menu.open = false;
  });
}
