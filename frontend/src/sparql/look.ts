// How the editor looks: colours are the page's own, light and dark, on one paper.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--sparql-word)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--sparql-variable)" },
  { tag: [tags.string, tags.annotation], color: "var(--sparql-text)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--sparql-number)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--ink)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--panel)", fontSize: "0.9rem", borderRadius: "4px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "var(--sparql-least)", maxHeight: "min(26rem, 60vh)", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--soft)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--link-paper)", outline: "1px solid var(--link)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-paper)" },
  ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "var(--bad-paper)", borderBottom: "2px solid var(--bad)" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--bad)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "4px", boxShadow: "0 4px 14px var(--shade)" },
  ".cm-diagnostic": { padding: "0.4rem 0.7rem", maxWidth: "32rem", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem", minWidth: "16rem", maxWidth: "min(34rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.15rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--link-paper)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", fontFamily: "var(--sans)" },
  "ul li[aria-selected] .cm-completionDetail": { color: "var(--ink)" },
  ".cm-completionInfo": { padding: "0.5rem 0.7rem", maxWidth: "22rem", fontFamily: "var(--sans)" },
  "@media (max-width: 40rem)": { ".cm-completionInfo": { display: "none" } },
  ".told p": { margin: "0.3rem 0 0" },
  ".told .kind": { color: "var(--soft)", fontSize: "0.85em" },
});

/** The look of the editor. */
export const look: Extension = [theme, syntaxHighlighting(colours)];
