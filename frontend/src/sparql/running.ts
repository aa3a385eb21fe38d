// A query on its way: say so, count the seconds, let it be stopped.
import type { EditorView } from "@codemirror/view";
import { place } from "./dom";

const LONGEST_ADDRESS = 8000; // characters; a longer query goes in the body of a POST

/** Watch the form; the page itself changes when the result is there. */
export function startRunning(form: HTMLFormElement, view: EditorView): void {
  const stop = place("stop", HTMLButtonElement);
  const state = place("state", HTMLElement);
  if (!stop || !state) return;
  let clock = 0;
  const rest = (words: string): void => {
    window.clearInterval(clock);
    stop.hidden = true;
    state.textContent = words;
  };
  form.addEventListener("submit", (event) => {
    const query = view.state.doc.toString();
    if (query.trim() === "") {
      event.preventDefault();
      state.textContent = "There is no query yet; write one, or start from an example.";
      view.focus();
      return;
    }
    form.method = encodeURIComponent(query).length > LONGEST_ADDRESS ? "post" : "get";
    const began = Date.now();
    state.textContent = "Running …";
    stop.hidden = false;
    clock = window.setInterval(() => {
      state.textContent = `Running for ${Math.round((Date.now() - began) / 1000)} s …`;
    }, 1000);
  });
  stop.addEventListener("click", () => {
    window.stop();
    rest("Stopped.");
    view.focus();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) rest("");
  });
}
