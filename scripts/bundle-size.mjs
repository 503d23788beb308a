#!/usr/bin/env node
// Fails when the first load of the web UI is heavier than promised: what a browser fetches until the sign-in page, and until
// Today, gzip-compressed, in kB (1000 bytes). Reads what Vite says of its chunks: each brings its static imports and its
// styles; of the lazy ones those count that the page asks for by itself.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../web/dist");
const chunks = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));

/** Sources whose code a page asks for, on top of the page before; Chinese is what most people load. */
const pages = [
  { name: "sign-in", limit: 350, asks: ["index.html", "src/ahead.ts", "src/sign_in/index.ts", "src/app/words/zh-CN.start.ts"] },
  {
    name: "today",
    limit: 700,
    asks: [
      "src/app/shell/Shell.tsx",
      "src/app/words/zh-CN.rest.ts",
      "src/today/TodayPage.tsx",
      "src/today/TeamToday.tsx",
      "src/activities/ActivityLine.tsx",
      "src/activities/ActivityEntry.tsx",
    ],
  },
];

const compressed = (path) => gzipSync(readFileSync(join(dist, path)), { level: 6 }).length;
const files = new Set(["index.html"]);
const seen = new Set();

function load(name) {
  if (seen.has(name)) return;
  seen.add(name);
  const chunk = chunks[name];
  if (!chunk) throw new Error(`no chunk in web/dist is made from ${name}; is it still loaded lazily?`);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const next of chunk.imports ?? []) load(next);
}

let isTooHeavy = false;
for (const page of pages) {
  for (const name of page.asks) load(name);
  const kilobytes = [...files].reduce((sum, file) => sum + compressed(file), 0) / 1000;
  isTooHeavy ||= kilobytes > page.limit;
  console.log(`${page.name}: ${kilobytes.toFixed(0)} kB of ${page.limit} kB in ${files.size} files`);
}
process.exit(isTooHeavy ? 1 : 0);
