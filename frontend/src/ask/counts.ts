// How many populations fit, asked anew while the form is filled in; late answers are dropped.
import { told } from "./form";

interface Counts {
  included: number;
  indeterminate: number;
  excluded: number;
}
interface Counted extends Counts {
  questions: (Counts & { label: string })[];
}
interface Faulty {
  problems: { text: string }[];
}

const PAUSE = 200; // milliseconds without a change before it is asked

/** Count beside every form of a profile. */
export function countLive(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-profile]");
  const panel = document.querySelector<HTMLElement>("[data-counted]");
  const address = form?.dataset["counts"];
  if (form === null || panel === null || address === undefined) return;
  let asked = 0;
  let pause: number | undefined;
  const count = async (): Promise<void> => {
    const mine = ++asked;
    panel.dataset["state"] = "waiting";
    const found = await answer(`${address}?${told(form)}`);
    if (mine !== asked) return;
    panel.dataset["state"] = "done";
    show(panel, found);
  };
  form.addEventListener("input", () => {
    window.clearTimeout(pause);
    asked++; // what is on its way is late
    pause = window.setTimeout(() => void count(), PAUSE);
  });
}

async function answer(address: string): Promise<Counted | Faulty> {
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    const type = response.headers.get("Content-Type") ?? "";
    if (type.startsWith("application/json")) return (await response.json()) as Counted | Faulty;
    return { problems: [{ text: "The counts cannot be had now." }] };
  } catch {
    return { problems: [{ text: "The counts cannot be had: the server does not answer." }] };
  }
}

function show(panel: HTMLElement, found: Counted | Faulty): void {
  const status = panel.querySelector("[role=status]");
  if (status === null) return;
  if ("problems" in found) {
    status.replaceChildren(found.problems.map((one) => one.text).join(" "));
    return;
  }
  status.replaceChildren(
    strong(found.included), " include this patient, ",
    strong(found.indeterminate), " may, ",
    strong(found.excluded), " exclude.",
  );
  panel.querySelector("tbody")?.replaceChildren(...found.questions.map(row));
}

function strong(count: number): HTMLElement {
  const element = document.createElement("strong");
  element.textContent = String(count);
  return element;
}

function row(one: Counts & { label: string }): HTMLElement {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = one.label;
  line.append(head);
  for (const count of [one.included, one.indeterminate, one.excluded]) {
    const cell = document.createElement("td");
    cell.className = "number";
    cell.textContent = String(count);
    line.append(cell);
  }
  return line;
}
