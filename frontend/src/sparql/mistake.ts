// The place that the server names in a query it refused -> a mark in the editor, and the cursor.
import { setDiagnostics } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

/** Mark what the page says of the query; the grammar of the editor judges nothing. */
export function showMistake(view: EditorView): void {
  const told = document.querySelector<HTMLElement>(".mistake");
  if (!told) return;
  const { line, column } = told.dataset;
  view.contentDOM.setAttribute("aria-invalid", "true");
  if (line === undefined || column === undefined) return;
  const doc = view.state.doc;
  const wrong = doc.line(Math.min(Math.max(1, Number(line)), doc.lines));
  const skipped = [...wrong.text].slice(0, Number(column) - 1).join("").length;
  const from = Math.min(wrong.from + skipped, wrong.to);
  const word = /^[^\s{}()[\];,]+|^\S/.exec(doc.sliceString(from, wrong.to))?.[0] ?? "";
  const start = word === "" && from > 0 ? from - 1 : from;
  const message = document.getElementById("reason")?.textContent ?? "";
  view.dispatch(
    setDiagnostics(view.state, [{ from: start, to: from + word.length, severity: "error", message }]),
    { selection: { anchor: from }, scrollIntoView: true },
  );
  view.focus();
}
