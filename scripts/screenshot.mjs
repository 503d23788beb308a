#!/usr/bin/env node
// Makes the pictures in docs/images from the invented company, so that they always show the product as it is.
// CHENGDAN_BIN is the binary (default: built here). Who looks is the person whom `demo` names for the role.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const run = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();

run("scripts/install-web", "e2e");
const { chromium } = createRequire(join(root, "e2e/package.json"))("playwright-core");

const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
/** Today, or Monday: on a weekend nothing is planned. */
const working = [0, 1, 2].map((days) => new Date(Date.now() + (days + 1 / 3) * 86_400_000)).find((day) => day.getUTCDay() % 6 !== 0).toISOString().slice(0, 10);
const pictures = [
  { name: "dashboard", path: "/dashboard", screen: desktop, role: "director" },
  { name: "customers", path: "/customers", screen: desktop, role: "supervisor" },
  { name: "calendar", path: (me) => `/calendar?show=week&team=${me.person.team_id}`, screen: desktop, role: "supervisor" },
  { name: "today-phone", path: () => `/today?day=${working}`, screen: phone, role: "salesperson" },
];

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

/** How the person with this role signs in; `demo` prints a line for each: e-mail, password, role, name. */
function signIn(said, role) {
  const words = said.split("\n").map((line) => line.split(" ")).find((words) => words[2] === role);
  if (!words) throw new Error(`'chengdan demo' names no ${role}; it said:\n${said}`);
  return { login: words[0], password: words[1] };
}

const chengdan = process.env.CHENGDAN_BIN ?? run("scripts/build");
const data = mkdtempSync(join(tmpdir(), "chengdan-pictures-"));
let server;
let browser;
try {
  const said = run(chengdan, "demo", "--load-only", "--data", join(data, "demo"), "--scale", "1");
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${address}`;
  server = spawn(chengdan, ["serve", "--data", join(data, "demo"), "--listen", address], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  await untilReady(base, server);

  browser = await chromium.launch({
    executablePath: run("scripts/chromium"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  mkdirSync(join(root, "docs/images"), { recursive: true });
  for (const picture of pictures) {
    const context = await browser.newContext({
      viewport: picture.screen,
      deviceScaleFactor: picture.screen === phone ? 2 : 1,
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      colorScheme: picture.isDark ? "dark" : "light",
    });
    const who = signIn(said, picture.role);
    const page = await context.newPage();
    await page.goto(base);
    const me = await page.evaluate(async (person) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch("/api/session", { method: "POST", headers, body: JSON.stringify(person) });
      if (!answer.ok) throw new Error(`signing in as ${person.login} answers ${answer.status}`);
      return answer.json();
    }, who);
    await page.goto(base + (typeof picture.path === "string" ? picture.path : picture.path(me)));
    // The live stream never ends, so the network is never idle: wait for the last skeleton to go instead.
    await page.waitForSelector("main", { timeout: 15_000 });
    await page.waitForFunction(() => document.querySelector(".ant-skeleton, .ant-spin-spinning, [aria-busy=true]") === null, null, { timeout: 15_000 });
    await page.waitForTimeout(1_200);
    await page.screenshot({ path: join(root, `docs/images/${picture.name}.png`) });
    console.log(`docs/images/${picture.name}.png`);
    await context.close();
  }
} finally {
  await browser?.close();
  server?.kill("SIGTERM");
  rmSync(data, { recursive: true, force: true });
}
