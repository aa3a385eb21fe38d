// The SPARQL page: its text box becomes an editor, its table can be sorted, filtered and drawn.
import { place } from "./sparql/dom";
import { startEditor } from "./sparql/editor";
import { startLibrary } from "./sparql/library";
import { showMistake } from "./sparql/mistake";
import { startResult } from "./sparql/result";
import { startRunning } from "./sparql/running";

const form = place("asking", HTMLFormElement);
const box = place("query", HTMLTextAreaElement);
const corner = place("editor", HTMLElement);
if (form && box && corner) {
  const editor = startEditor(form, box, corner);
  startRunning(form, editor);
  showMistake(editor);
}
startLibrary();
startResult();
