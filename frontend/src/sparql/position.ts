// The text before the cursor -> which part of a triple is being written there.
export interface Position {
  readonly part: "none" | "prologue" | "start" | "subject" | "property" | "object" | "expression";
  readonly subject: string;
  readonly property: string;
}

const TOKEN = /#[^\n]*|<[^<>"{}|^`\\\s]*>|"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*(?:"|$)|'(?:[^'\\\n]|\\.)*(?:'|$)|[?$]\w+|[\w-]*:[\w.%-]*[\w%-]|[\w-]*:|@[\w-]+|\^\^|[\w.+-]*[\w]|\S/gm;
const CLAUSES = new Set(["SELECT", "CONSTRUCT", "DESCRIBE", "ASK", "WHERE", "DISTINCT", "REDUCED", "AS"]);
const BREAKS = new Set(["OPTIONAL", "UNION", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES", "EXISTS", "NOT"]);
const PATH = new Set(["/", "|", "^", "!"]); // another property follows
const REPEATS = new Set(["*", "+", "?"]);

interface Bracket { readonly terms: string[]; readonly sign: string; readonly isPath: boolean }

/** Where in the query the text `before` ends; the word under the cursor is not part of it. */
export function positionAfter(before: string): Position {
  const tokens = before.match(TOKEN) ?? [];
  const last = tokens.at(-1) ?? "";
  if (opens(last)) return { part: "none", subject: "", property: "" };
  const place = new Place();
  for (const token of tokens) place.read(token);
  return place.position(last);
}

/** What has been read of the pattern that is open at the end of a text. */
class Place {
  private terms: string[] = [];
  private depth = 0;
  private brackets: Bracket[] = [];
  private inValues = false;

  read(token: string): void {
    const upper = token.toUpperCase();
    if (token.startsWith("#") || token.startsWith("@") || token === "^^" || REPEATS.has(token)) return;
    if (token === "{" || token === "}") this.brace(token);
    else if (token === "(" || token === "[") this.open(token);
    else if (token === ")" || token === "]") this.close(token);
    else if (token === ".") this.terms = [];
    else if (token === ";") this.terms = this.terms.slice(0, 1);
    else if (token === ",") this.terms = this.terms.slice(0, 2);
    else if (PATH.has(token)) this.terms = this.terms.slice(0, 1);
    else if (BREAKS.has(upper)) { this.terms = []; this.inValues = upper === "VALUES"; }
    else this.terms = [...this.terms, token];
  }

  position(last: string): Position {
    const [subject = "", property = ""] = this.terms;
    const bracket = this.brackets.at(-1);
    const alone = (part: Position["part"]): Position => ({ part, subject: "", property: "" });
    if (this.depth <= 0) return alone(last.toUpperCase() === "PREFIX" ? "prologue" : "start");
    if (this.inValues || (bracket?.sign === "(" && !bracket.isPath)) return alone("expression");
    if (bracket?.isPath) return { part: "property", subject, property: "" };
    const parts = ["subject", "property"] as const;
    return { part: parts[this.terms.length] ?? "object", subject, property };
  }

  private brace(token: string): void {
    this.depth += token === "{" ? 1 : -1;
    this.terms = [];
    if (token === "}") this.inValues = false;
  }

  private open(sign: string): void {
    const isPath = sign === "(" && this.terms.length === 1 && this.depth > 0;
    this.brackets.push({ terms: this.terms, sign, isPath });
    this.terms = sign === "[" ? ["[]"] : isPath ? this.terms : [];
  }

  private close(sign: string): void {
    const { terms = [], isPath = false } = this.brackets.pop() ?? {};
    this.terms = sign === "]" || isPath ? [...terms, "[]"] : terms;
  }
}

/** Whether a token is a comment or a text that has not ended. */
function opens(token: string): boolean {
  if (token.startsWith("#")) return true;
  const quote = /^("""|'''|"|')/.exec(token)?.[1];
  return quote !== undefined && (token.length < 2 * quote.length || !token.endsWith(quote));
}

/** Classes that the query says a variable belongs to. */
export function classesOf(variable: string, query: string): string[] {
  const name = variable.replace(/^[?$]/, "");
  if (name === variable || !/^\w+$/.test(name)) return [];
  const said = new RegExp(`[?$]${name}\\s+(?:a|rdf:type)\\s+([\\w-]+:[\\w-]+)`, "g");
  return [...query.matchAll(said)].map((match) => match[1] ?? "");
}

export const KEYWORDS = [...CLAUSES, ...BREAKS,
  "PREFIX", "BASE", "FROM", "FROM NAMED", "GROUP BY", "HAVING", "ORDER BY", "ASC", "DESC", "LIMIT", "OFFSET", "UNDEF", "IN",
  "BOUND", "COALESCE", "IF", "STR", "LANG", "DATATYPE", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLEN",
  "SUBSTR", "REPLACE", "REGEX", "LCASE", "UCASE", "CONCAT", "ROUND", "FLOOR", "CEIL", "ABS", "YEAR",
  "ISIRI", "ISLITERAL", "ISNUMERIC", "ISBLANK", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"];
