// Queries, a JSON string a line, to seconds and results, a JSON line each, over Comunica and a store
// in memory.
// Called by compatibility.py: node compatibility_worker.mjs FOLDER_OF_NODE_MODULES GRAPH.nq
// The default graph is the union of the named graphs.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder, file] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const { QueryEngine } = load("@comunica/query-sparql-file");
const { version } = load("@comunica/query-sparql-file/package.json");
const N3 = load("n3");

const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const store = new N3.Store(new N3.Parser({ format: "N-Quads" }).parse(readFileSync(file, "utf8")));
const engine = new QueryEngine();
tell({ ready: `Comunica ${version}` });

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const begun = performance.now();
    const found = await engine.query(JSON.parse(line), {
      sources: [store],
      unionDefaultGraph: true,
    });
    const { data } = await engine.resultToString(found, "application/sparql-results+json");
    let text = "";
    for await (const piece of data) text += piece;
    const seconds = (performance.now() - begun) / 1000;
    tell({ seconds, results: JSON.parse(text) });
  } catch (error) {
    tell({ error: `${error.name}: ${error.message}` });
  }
}
