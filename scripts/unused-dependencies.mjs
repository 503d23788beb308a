#!/usr/bin/env node
// Fails when a crate of the workspace names a dependency that none of its sources mention, or the workspace one that no crate takes.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version", "1", "--locked", "--no-deps"], { cwd: root, maxBuffer: 1 << 26, encoding: "utf8" }),
);

function rustSources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".rs"))
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
}

const faults = [];
const taken = new Set();
for (const crate of metadata.packages) {
  const folder = dirname(crate.manifest_path);
  const manifest = readFileSync(crate.manifest_path, "utf8");
  // A crate may need to be named only to switch on a feature of it; its manifest then says so, as for cargo-machete.
  const ignored = new Set(manifest.match(/\[package\.metadata\.cargo-machete\]\s*ignored = \[([^\]]*)\]/)?.[1].match(/[\w-]+/g) ?? []);
  const sources = rustSources(folder);
  for (const dependency of crate.dependencies) {
    const name = dependency.rename ?? dependency.name;
    taken.add(name);
    // A use is a path, a macro call or an import; the bare word may stand in a comment.
    const use = new RegExp(`\\b${name.replaceAll("-", "_")}(::|!|;| as )`);
    if (!ignored.has(name) && !use.test(sources)) faults.push(`${crate.name}: ${name} is never used`);
  }
}

const workspace = readFileSync(join(root, "Cargo.toml"), "utf8").match(/^\[workspace\.dependencies\]\n([\s\S]*?)^(?=\[)/m)[1];
for (const [, name] of workspace.matchAll(/^([\w-]+) *=/gm)) {
  if (!taken.has(name)) faults.push(`Cargo.toml: no crate takes ${name}`);
}
for (const fault of faults) console.error(fault);
console.log(`${metadata.packages.length} crates looked at, ${faults.length} unused dependencies`);
process.exit(faults.length > 0 ? 1 : 0);
