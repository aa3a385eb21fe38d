// Bundles each entry of src/ and the npm packages it imports into OUT (or the pages' bundle folder),
// with hashed names, a manifest of them, and the licences of what went in.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

const ENTRIES = ["ask", "explore", "maps", "sparql"];
const whole = process.env.OUT ?? "../metalocal/pages/bundle";
const unfinished = `${whole}.unfinished`; // takes the place of what was there only when all went well

rmSync(unfinished, { recursive: true, force: true });
mkdirSync(unfinished, { recursive: true });
const { metafile } = await build({
  entryPoints: ENTRIES.map((name) => `src/${name}.ts`),
  outdir: unfinished, entryNames: "[name]-[hash]", chunkNames: "shared-[hash]",
  bundle: true, splitting: true, format: "esm", target: "es2022", minify: true,
  metafile: true, legalComments: "none", logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
});

const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint?.startsWith("src/")) {
    manifest[basename(output.entryPoint).replace(/ts$/, "js")] = relative(unfinished, path);
  }
}
writeFileSync(join(unfinished, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);

const packages = new Set(
  Object.keys(metafile.inputs)
    .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean),
);
const licences = [...packages].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), "utf8") : "The package has no licence file.";
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(join(unfinished, "licences.txt"), licences.join(`${"-".repeat(79)}\n`));

rmSync(whole, { recursive: true, force: true });
renameSync(unfinished, whole);
