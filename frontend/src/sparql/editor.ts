// The text box of the form -> an editor that writes into it; the box is still what is sent.
import {
  acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus,
  selectedCompletionIndex,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { bracketMatching, indentService, indentUnit } from "@codemirror/language";
import { diagnosticCount, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec, type Extension, type Transaction } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers, type ViewUpdate } from "@codemirror/view";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { complete } from "./completion";
import { place } from "./dom";
import { look } from "./look";
import { positionAfter } from "./position";
import { declaration } from "./prefixes";
import { vocabulary, vocabularyNow } from "./words";

const LEAVING = "Control and Enter run the query; Escape, then Tab leave the editor.";

/** Put an editor in `corner`; it lives in a shadow root, so that its styles need no permission. */
export function startEditor(form: HTMLFormElement, box: HTMLTextAreaElement, corner: HTMLElement): EditorView {
  const root = corner.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: fromAddress() ?? box.value, extensions: [...extensions(form, box)] }),
  });
  box.value = view.state.doc.toString();
  corner.hidden = false;
  box.hidden = true;
  box.required = false;
  document.getElementById("keys")?.removeAttribute("hidden");
  document.getElementById("query-label")?.addEventListener("click", () => view.focus());
  comeBack(view);
  view.contentDOM.addEventListener("focus", () => void vocabulary(), { once: true });
  return view;
}

/** The query behind the # of the address: one too long for a link that runs. */
function fromAddress(): string | null {
  if (!location.hash.startsWith("#query=")) return null;
  const state = place("state", HTMLElement);
  if (state) state.textContent = "This query came with the link; run it when you have read it.";
  try {
    return decodeURIComponent(location.hash.slice("#query=".length));
  } catch {
    return null;
  }
}

function* extensions(form: HTMLFormElement, box: HTMLTextAreaElement): Generator<Extension> {
  yield lineNumbers();
  yield highlightSpecialChars();
  yield history();
  yield SparqlLanguage;
  yield bracketMatching();
  yield closeBrackets();
  yield indentUnit.of("  ");
  yield indentService.of((context, pos) => 2 * depth(context.state.sliceDoc(0, pos), context.textAfterPos(pos)));
  yield Prec.highest(keymap.of([{ key: "Enter", run: newLine }]));
  yield autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60, activateOnTypingDelay: 60 });
  yield keymap.of([
    { key: "Mod-Enter", run: (view) => runFromHere(view, form) },
    { key: "Tab", run: acceptCompletion },
    ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap,
  ]);
  yield EditorView.lineWrapping;
  yield EditorView.contentAttributes.of({ "aria-label": "SPARQL query", "aria-description": LEAVING, autocapitalize: "off" });
  yield EditorView.domEventHandlers({ beforeinput: typedOver });
  yield EditorView.updateListener.of((update) => follow(update, box));
  yield look;
}

/** Run the query; the name of the window takes the cursor's place over to the page of the result. */
function runFromHere(view: EditorView, form: HTMLFormElement): boolean {
  window.name = `sparql ${view.state.selection.main.head}`;
  form.requestSubmit();
  return true;
}

/** Who ran a query by keys goes on writing where they were. */
function comeBack(view: EditorView): void {
  const place = /^sparql (\d+)$/.exec(window.name)?.[1];
  if (place === undefined) return;
  window.name = "";
  view.dispatch({ selection: { anchor: Math.min(Number(place), view.state.doc.length) } });
  view.focus();
}

/** Enter means a new line as long as nobody has begun a word or gone down the list. */
function newLine(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  const isBare = /^$|\s/.test(view.state.sliceDoc(Math.max(0, head - 1), head));
  if (completionStatus(view.state) !== "active" || !isBare || selectedCompletionIndex(view.state) !== 0) return false;
  closeCompletion(view);
  return insertNewlineAndIndent(view);
}

/** Text typed over a selection; left to itself, the browser carries its style over, inline. */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || event.data === null || empty) return false;
  const text = event.data;
  const plain = (): Transaction => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type" });
  const taken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, plain));
  if (!taken) view.dispatch(plain());
  event.preventDefault();
  return true;
}

/** How many braces are open before a place; one that closes there counts already. */
function depth(before: string, after: string): number {
  const bare = before.replace(/"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*/g, "");
  const open = (bare.match(/[{]/g)?.length ?? 0) - (bare.match(/[}]/g)?.length ?? 0);
  return Math.max(0, open - (/^\s*}/.test(after) ? 1 : 0));
}

/** Keep the box as the editor is; take an old mistake's mark away; declare a prefix just typed. */
function follow(update: ViewUpdate, box: HTMLTextAreaElement): void {
  if (!update.docChanged) return;
  box.value = update.state.doc.toString();
  update.view.contentDOM.removeAttribute("aria-invalid");
  const typed = update.transactions.some((each) => each.isUserEvent("input.type"));
  const view = update.view;
  queueMicrotask(() => {
    if (diagnosticCount(view.state) > 0) view.dispatch(setDiagnostics(view.state, []));
    if (typed) declareTyped(view);
  });
}

function declareTyped(view: EditorView): void {
  const at = view.state.selection.main.head;
  const before = view.state.sliceDoc(0, at);
  const prefix = /(?:^|[\s(/|^!])([A-Za-z][\w-]*):$/.exec(before)?.[1];
  if (prefix === undefined) return;
  const { part } = positionAfter(before.slice(0, -prefix.length - 1));
  if (part === "none" || part === "prologue") return;
  const changes = declaration(view.state.doc, prefix, vocabularyNow().prefixes[prefix]);
  if (changes.length > 0) view.dispatch({ changes });
}
