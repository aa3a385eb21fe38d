// PREFIX lines: which a query has, and where to put one it lacks.
import type { ChangeSpec, Text } from "@codemirror/state";

/** The prefixes that a query declares. */
export function declared(query: string): Set<string> {
  return new Set([...query.matchAll(/^[ \t]*PREFIX\s+([\w-]*):/gim)].map((match) => match[1] ?? ""));
}

/** The change that declares `prefix`, behind the lines that declare others; none if it is there. */
export function declaration(doc: Text, prefix: string, namespace: string | undefined): ChangeSpec[] {
  const query = doc.toString();
  if (namespace === undefined || declared(query).has(prefix)) return [];
  const last = lastPrefixLine(query.split("\n"));
  const from = last < 0 ? 0 : doc.line(last + 1).to;
  const line = `PREFIX ${prefix}: <${namespace}>`;
  return [{ from, insert: last < 0 ? `${line}\n` : `\n${line}` }];
}

/** The number of the last line of the prologue that declares something, from 0; -1 for none. */
function lastPrefixLine(lines: string[]): number {
  const end = lines.findIndex((line) => !/^\s*(?:(?:PREFIX|BASE)\b|#|$)/i.test(line));
  const prologue = end < 0 ? lines : lines.slice(0, end);
  return prologue.findLastIndex((line) => /^\s*(?:PREFIX|BASE)\b/i.test(line));
}

/** An address by the longest namespace it begins with. */
export function shortened(iri: string, prefixes: Readonly<Record<string, string>>): string {
  const [prefix, namespace] = Object.entries(prefixes)
    .filter(([, start]) => iri.startsWith(start) && iri !== start)
    .sort(([, one], [, other]) => other.length - one.length)[0] ?? ["", ""];
  return namespace ? `${prefix}:${iri.slice(namespace.length)}` : iri;
}
