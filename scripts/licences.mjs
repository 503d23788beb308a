#!/usr/bin/env node
// licences.mjs            fails when a crate, or an npm package that reaches the bundle, has a licence that deny.toml doesn't allow,
//                         comes from outside the registry, or is banned there
// licences.mjs notices    prints the licence texts of all that the binary contains, to go with a release
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const policy = readFileSync(join(root, "deny.toml"), "utf8");
const allowed = new Set(policy.match(/^allow = \[\n([^\]]*)\]/m)[1].match(/"[^"]+"/g).map((quoted) => quoted.slice(1, -1)));
const banned = new Set([...policy.matchAll(/crate = "([^"]+)"/g)].map((match) => match[1]));

/** True when an SPDX expression can be fulfilled with allowed licences only; "/" is the old way to write OR. */
function isAllowed(expression) {
  const words = expression.replaceAll("/", " OR ").replace(/[()]/g, " $& ").trim().split(/\s+/);
  let at = 0;
  const one = () => {
    if (words[at] === "(") {
      at += 1;
      const inner = any();
      at += 1;
      return inner;
    }
    let licence = words[at++];
    if (words[at] === "WITH") {
      licence += ` WITH ${words[at + 1]}`;
      at += 2;
    }
    return allowed.has(licence);
  };
  const all = () => {
    let fulfilled = one();
    while (words[at] === "AND") {
      at += 1;
      fulfilled = one() && fulfilled;
    }
    return fulfilled;
  };
  const any = () => {
    let fulfilled = all();
    while (words[at] === "OR") {
      at += 1;
      fulfilled = all() || fulfilled;
    }
    return fulfilled;
  };
  return any();
}

const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version", "1", "--locked"], { cwd: root, maxBuffer: 1 << 28, encoding: "utf8" }),
);
const ours = new Set(metadata.workspace_members);
const crates = metadata.packages
  .filter((crate) => !ours.has(crate.id))
  .map((crate) => ({
    id: crate.id,
    name: `${crate.name} ${crate.version}`,
    licence: crate.license,
    folder: dirname(crate.manifest_path),
    isBanned: banned.has(crate.name),
    isFromRegistry: crate.source?.startsWith("registry+") ?? false,
  }));

/** Packages that `vite build` may put into the bundle: everything in the lock file that isn't for development only. */
const lock = JSON.parse(readFileSync(join(root, "web/package-lock.json"), "utf8"));
const bundled = Object.entries(lock.packages)
  .filter(([path, entry]) => path !== "" && !entry.dev)
  .map(([path, entry]) => ({
    name: `${path.replace(/.*node_modules\//, "")} ${entry.version}`,
    licence: entry.license,
    folder: join(root, "web", path),
    isBanned: false,
    isFromRegistry: entry.integrity !== undefined,
  }));

/** Crates that are linked into the binary: what the workspace reaches by normal dependencies, without tests and build scripts. */
function linkedIds() {
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set();
  const open = [...ours];
  while (open.length > 0) {
    const id = open.pop();
    if (seen.has(id)) continue;
    seen.add(id);
    for (const dependency of nodes.get(id).deps) {
      if (dependency.dep_kinds.some((use) => use.kind === null)) open.push(dependency.pkg);
    }
  }
  return seen;
}

if (process.argv[2] === "notices") {
  const linked = linkedIds();
  const shipped = [...crates.filter((crate) => linked.has(crate.id)), ...bundled];
  console.log("Chengdan contains the following works of others.\n");
  for (const work of shipped) {
    console.log(`${"=".repeat(78)}\n${work.name}  (${work.licence})\n`);
    if (!existsSync(work.folder)) continue;
    for (const file of readdirSync(work.folder).filter((name) => /^(licen[cs]e|copying|notice|unlicense)/i.test(name))) {
      try {
        console.log(readFileSync(join(work.folder, file), "utf8").trim(), "\n");
      } catch {
        // A folder of licence texts; the expression in the heading names them.
      }
    }
  }
} else {
  const faults = [...crates, ...bundled].flatMap((work) => [
    ...(work.licence && isAllowed(work.licence) ? [] : [`${work.name}: licence ${work.licence ?? "not stated"}`]),
    ...(work.isFromRegistry ? [] : [`${work.name}: not from a registry`]),
    ...(work.isBanned ? [`${work.name}: banned in deny.toml`] : []),
  ]);
  for (const fault of faults) console.error(fault);
  console.log(`${crates.length} crates and ${bundled.length} bundled npm packages looked at, ${faults.length} not allowed`);
  process.exit(faults.length > 0 ? 1 : 0);
}
