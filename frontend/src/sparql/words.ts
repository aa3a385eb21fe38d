// The vocabulary of the graph, fetched once, when somebody begins to write.

/** A class, property or individual; names are short, such as ml:hasEstimate. */
export interface Term {
  readonly name: string;
  readonly kind: "class" | "property" | "individual";
  readonly label: string;
  readonly definition: string;
  readonly types?: readonly string[];
  readonly domain?: readonly string[];
  readonly range?: readonly string[];
  readonly uses?: number;
}

export interface Vocabulary {
  readonly prefixes: Readonly<Record<string, string>>;
  readonly terms: readonly Term[];
}

const NONE: Vocabulary = { prefixes: {}, terms: [] };
let asked: Promise<Vocabulary> | null = null;
let here: Vocabulary = NONE;

/** The vocabulary; empty where it cannot be had, to be asked for again. */
export function vocabulary(): Promise<Vocabulary> {
  const path = document.getElementById("asking")?.dataset["vocabulary"] ?? "";
  asked ??= fetch(path)
    .then((answer) => (answer.ok ? (answer.json() as Promise<Vocabulary>) : Promise.reject(answer)))
    .then((found) => (here = found))
    .catch(() => {
      asked = null;
      return NONE;
    });
  return asked;
}

/** What has been fetched by now. */
export function vocabularyNow(): Vocabulary {
  return here;
}
