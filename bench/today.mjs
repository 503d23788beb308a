#!/usr/bin/env node
// today.mjs CHENGDAN FOLDER: what opening Today costs a phone, in milliseconds of its own time. A real browser with the
// processor slowed down four times opens the page of a salesperson of the invented company, on loopback, so that the network
// counts for nothing. Keeps the figures in FOLDER/results, from which bench/RESULTS.md is written.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [chengdan, folder] = process.argv.slice(2).map((path) => resolve(path));
const run = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
run("scripts/install-web", "e2e");
const { chromium } = createRequire(join(root, "e2e/package.json"))("playwright-core");

/** Script and main thread until the page can be used, in ms. */
const bar_ms = 1_500;
const slow_down = 4;
const rounds = 5;
/** The page can be used once nothing has held it up for so long, in ms. */
const quiet_ms = 500;
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: "zh-CN", timezoneId: "Asia/Shanghai" };
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** Today, or Monday: on a weekend nothing is planned. */
const working = [0, 1, 2].map((days) => new Date(Date.now() + (days + 1 / 3) * 86_400_000)).find((day) => day.getUTCDay() % 6 !== 0).toISOString().slice(0, 10);

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilReady(base, server) {
  for (let attempt = 0; attempt < 100 && server.exitCode === null; attempt += 1) {
    const answer = await fetch(`${base}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server doesn't become ready");
}

/** Runs in the page, before it: notes when the first line of the plan shows, and what holds the main thread up. */
function watch() {
  globalThis.seen = { shown_ms: 0, long: [] };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.seen.long.push([startTime, startTime + duration]);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    if (globalThis.seen.shown_ms || !document.querySelector("main li article, main li time, main li h3, main li a")) return;
    // Painted, not only made.
    requestAnimationFrame(() => setTimeout(() => (globalThis.seen.shown_ms ||= performance.now())));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** When the page shows the day, and when it can be used; what script and the main thread took until then; all in ms. */
async function opened(context, address) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slow_down });
  await page.addInitScript(watch);
  await page.goto(address);
  const usable_ms = await page.waitForFunction(
    (quiet) => {
      const { shown_ms, long } = globalThis.seen;
      if (!shown_ms) return 0;
      const after = long.filter(([, end]) => end > shown_ms);
      const busy = after.findLast(([start], index) => start - (after[index - 1]?.[1] ?? shown_ms) < quiet)?.[1] ?? shown_ms;
      return performance.now() - busy > quiet ? Math.max(busy, shown_ms) : 0;
    },
    quiet_ms,
    { polling: 100 },
  );
  const { metrics } = await devtools.send("Performance.getMetrics");
  const seconds = (name) => metrics.find((metric) => metric.name === name).value * 1_000;
  const figures = {
    shown: await page.evaluate(() => globalThis.seen.shown_ms),
    usable: await usable_ms.jsonValue(),
    script: seconds("ScriptDuration"),
    busy: seconds("TaskDuration"),
  };
  // Each day the web UI is on the phone already.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
  return figures;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const data = mkdtempSync(join(tmpdir(), "chengdan-today-"));
let server;
let browser;
try {
  const said = run(chengdan, "demo", "--load-only", "--data", join(data, "demo"), "--scale", "1");
  const [login, password] = said.split("\n").map((line) => line.split(" ")).find((words) => words[2] === "salesperson");
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${address}`;
  server = spawn(chengdan, ["serve", "--data", join(data, "demo"), "--listen", address], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  await untilReady(base, server);
  browser = await chromium.launch({ executablePath: run("scripts/chromium"), args: flags });
  const first = [];
  const later = [];
  for (let round = 0; round < rounds; round += 1) {
    const context = await browser.newContext({ ...phone, baseURL: base });
    const answer = await context.request.post("/api/session", { data: { login, password } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    first.push(await opened(context, `${base}/today?day=${working}`));
    later.push(await opened(context, `${base}/today?day=${working}`));
    await context.close();
  }
  const of = (opens, name) => median(opens.map((open) => open[name]));
  const figure = (name, value, bar = null) => ({
    name, unit: "ms", value, failed: null, floor: null, bar, more_is_better: false, is_met: bar === null ? null : value <= bar,
  });
  const figures = [
    figure("Today on a phone, usable, as it is opened each day", of(later, "usable"), bar_ms),
    figure("the same, nothing of it on the phone yet", of(first, "usable"), bar_ms),
    figure("of it script, first time", of(first, "script")),
    figure("of it the whole main thread, first time", of(first, "busy")),
  ];
  const measured = {
    title: "Today on a phone",
    about: `The median of ${rounds} openings by a salesperson, with the processor slowed down ${slow_down} times and the server on the same machine, until nothing holds the page up any more for ${quiet_ms} ms.`,
    on: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} shared cores, ${Math.floor(totalmem() / 1e9)} GB of memory`,
    figures,
  };
  mkdirSync(join(folder, "results"), { recursive: true });
  writeFileSync(join(folder, "results/today-on-a-phone.json"), `${JSON.stringify(measured, null, 2)}\n`);
  for (const { name, value } of figures) console.log(`${name}: ${Math.round(value)} ms`);
  if (process.env.BENCH_VERBOSE) console.log(JSON.stringify({ first, later }));
} finally {
  await browser?.close();
  server?.kill();
  rmSync(data, { recursive: true, force: true });
}
