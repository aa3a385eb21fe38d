// What the editor offers while a query is written: terms that fit the place, variables, keywords.
import { pickedCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { made } from "./dom";
import { classesOf, KEYWORDS, positionAfter, type Position } from "./position";
import { declaration } from "./prefixes";
import { vocabulary, vocabularyNow, type Term, type Vocabulary } from "./words";

const MOST = 60;
interface Offer { readonly option: Completion; readonly rank: number }

/** The source of completions. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(/[?$]?[\w-]*:?[\w.-]*/)?.text ?? "";
  const from = context.pos - typed.length;
  const query = context.state.doc.toString();
  const position = positionAfter(query.slice(0, from));
  if (position.part === "none" || inAddress(query.slice(0, from))) return null;
  if (typed === "" && !context.explicit && !/[\s^/|]$/.test(query.slice(0, from))) return null;
  if (typed === "" && !context.explicit && position.part !== "property" && position.part !== "object") return null;
  const words = await vocabulary();
  if (context.aborted) return null;
  const options = offers(typed, position, query, words);
  return options.length > 0 ? { from, options, filter: false } : null;
}

function inAddress(before: string): boolean {
  return /<[^<>\s]*$/.test(before);
}

/** Everything that fits, the best first. */
function offers(typed: string, position: Position, query: string, words: Vocabulary): Completion[] {
  const found: Offer[] = [];
  if (position.part === "prologue") return prefixLines(typed, words);
  if (!typed.includes(":")) found.push(...variables(typed, query));
  if (!/^[?$]/.test(typed) && position.part !== "start") found.push(...terms(typed, position, query, words));
  if (typed !== "" && /^[A-Za-z ]+$/.test(typed)) found.push(...keywords(typed, position));
  return found.sort((one, other) => other.rank - one.rank).slice(0, MOST).map((offer) => offer.option);
}

function variables(typed: string, query: string): Offer[] {
  const names = new Set([...query.matchAll(/[?$]\w+/g)].map((match) => match[0].replace("$", "?")));
  return [...names]
    .filter((name) => name !== typed && name.slice(1).startsWith(typed.replace(/^[?$]/, "")))
    .map((name) => ({ option: { label: name, type: "variable" }, rank: typed.startsWith("?") ? 90 : 20 }));
}

function keywords(typed: string, position: Position): Offer[] {
  const rank = position.part === "start" ? 80 : 30;
  return KEYWORDS
    .filter((word) => word.startsWith(typed.toUpperCase()) && word !== typed)
    .map((word) => ({ option: { label: word, type: "keyword" }, rank }));
}

function prefixLines(typed: string, words: Vocabulary): Completion[] {
  return Object.entries(words.prefixes)
    .filter(([prefix]) => prefix.startsWith(typed.replace(/:$/, "")))
    .map(([prefix, namespace]) => ({ label: `${prefix}: <${namespace}>`, type: "namespace" }));
}

function terms(typed: string, position: Position, query: string, words: Vocabulary): Offer[] {
  const classes = new Set(classesOf(position.subject, query));
  const values = new Set(words.terms.find((term) => term.name === position.property)?.range ?? []);
  const wanted = typed.toLowerCase();
  const found: Offer[] = [];
  for (const term of words.terms) {
    const place = fit(term, position, classes, values);
    const match = matching(term, wanted);
    if (place > 0 && match > 0) found.push({ option: optionOf(term), rank: place + match + use(term) });
  }
  return found;
}

/** How well a term suits its place; 0 where it does not belong. */
function fit(term: Term, position: Position, classes: Set<string>, values: Set<string>): number {
  const isType = position.property === "a" || position.property === "rdf:type";
  if (position.part === "property") {
    if (term.kind !== "property") return 0;
    return term.domain?.some((each) => classes.has(each)) ? 40 : 10;
  }
  if (position.part === "object") {
    if (isType) return term.kind === "class" ? 10 : 0;
    if (term.kind === "property") return 0;
    if (term.kind === "class") return 2;
    return term.types?.some((each) => values.has(each)) ? 40 : 10;
  }
  return term.kind === "property" ? 4 : 8;
}

/** How well what was typed suits a term, by its name or by the words of its label; 0 for not. */
function matching(term: Term, typed: string): number {
  if (typed === "") return 1;
  const name = term.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  const label = term.label.toLowerCase();
  const bare = typed.slice(typed.indexOf(":") + 1);
  if (typed.includes(":") && !name.startsWith(typed.slice(0, typed.indexOf(":") + 1))) return 0;
  if (bare === "" || local === bare) return 30;
  if (local.startsWith(bare) || label.startsWith(bare)) return 20;
  if (label.split(/[\s(/-]+/).some((word) => word.startsWith(bare))) return 15;
  if (name.startsWith(typed)) return 10;
  return local.includes(bare) ? 5 : 0;
}

function use(term: Term): number {
  return Math.min(9, Math.log10((term.uses ?? 0) + 1) * 2);
}

function optionOf(term: Term): Completion {
  return { label: term.name, detail: term.label, type: term.kind, info: () => described(term), apply };
}

function described(term: Term): Node {
  const uses = term.uses ? ` · used ${term.uses.toLocaleString("en-GB")} times` : "";
  const within = term.types?.length ? ` · ${term.types.join(", ")}` : "";
  return made("div", { class: "told" }, made("strong", {}, term.label),
    made("p", {}, term.definition || "It has no definition."),
    made("p", { class: "kind" }, `${term.kind}${within}${uses}`));
}

/** Put the term in place of what was typed, and declare its prefix where the query does not. */
function apply(view: EditorView, option: Completion, from: number, to: number): void {
  const prefix = option.label.slice(0, option.label.indexOf(":"));
  const head = declaration(view.state.doc, prefix, vocabularyNow().prefixes[prefix]);
  const changes = view.state.changes([...head, { from, to, insert: option.label }]);
  view.dispatch({
    changes,
    selection: { anchor: changes.mapPos(to, 1) },
    userEvent: "input.complete",
    annotations: pickedCompletion.of(option),
  });
}
