#!/usr/bin/env node
// Fails when the first load of the web UI is heavier than promised: what a browser fetches until the sign-in page, and until the
// dashboard, gzip-compressed, in kB (1000 bytes). Reads web/dist; follows imports between chunks from index.html on.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../web/dist");
const assets = readdirSync(join(dist, "assets"));
const html = readFileSync(join(dist, "index.html"), "utf8");

/** Chunks of a page are found by name, as Vite names them after the file that is loaded lazily; Chinese is what most people load. */
const pages = [
  { name: "sign-in", limit: 350, lazy: [/^sign[-_]?in/i, /^locale-zh-CN-start/], required: [], follow: "static" },
  { name: "dashboard", limit: 700, lazy: [/^(shell|layout)/i, /^locale-zh-CN/, /dashboard/i], required: [/dashboard/i], follow: "all" },
];

/** Only one language is loaded. */
const otherLanguage = /^en\.(start|rest)-/;

const staticImport = /(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
const lazyImport = /import\(\s*["'`]\.\/([^"'`]+\.js)["'`]\s*\)/g;

function reach(start, follow) {
  const seen = new Set();
  const open = [...start];
  while (open.length > 0) {
    const file = open.pop();
    if (seen.has(file) || !assets.includes(file) || otherLanguage.test(file)) continue;
    seen.add(file);
    const source = readFileSync(join(dist, "assets", file), "utf8");
    for (const [, next] of source.matchAll(staticImport)) open.push(next);
    if (follow === "all") for (const [, next] of source.matchAll(lazyImport)) open.push(next);
  }
  return seen;
}

const compressed = (path) => gzipSync(readFileSync(path), { level: 6 }).length;
const entry = reach([...html.matchAll(/assets\/([^"']+\.js)/g)].map((match) => match[1]), "static");
const styles = assets.filter((file) => file.endsWith(".css"));

let isTooHeavy = false;
let files = new Set(entry);
for (const page of pages) {
  for (const pattern of page.required) {
    if (!assets.some((file) => pattern.test(file))) {
      console.error(`${page.name}: no chunk in web/dist/assets is called like ${pattern}; is the page still loaded lazily?`);
      isTooHeavy = true;
    }
  }
  const lazy = assets.filter((file) => file.endsWith(".js") && page.lazy.some((pattern) => pattern.test(file)));
  files = new Set([...files, ...reach(lazy, page.follow)]);
  const bytes = [...files, ...styles].reduce((sum, file) => sum + compressed(join(dist, "assets", file)), compressed(join(dist, "index.html")));
  const kilobytes = bytes / 1000;
  isTooHeavy ||= kilobytes > page.limit;
  console.log(`${page.name}: ${kilobytes.toFixed(0)} kB of ${page.limit} kB in ${files.size + styles.length + 1} files`);
}
process.exit(isTooHeavy ? 1 : 0);
