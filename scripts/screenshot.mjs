#!/usr/bin/env node
// Makes the pictures in docs/images from the invented company, so that they always show the product as it is.
// CHENGDAN_BIN is the binary (default: built here); PICTURE_LOGIN and PICTURE_PASSWORD choose who looks (default: the first that `demo` names).
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
const pictures = [
  { name: "dashboard", path: "/", screen: desktop },
  { name: "dashboard-dark", path: "/", screen: desktop, isDark: true },
  { name: "customers", path: "/customers", screen: desktop },
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

/** The first e-mail address that `demo` prints, and the word after it, or the one that it calls password. */
function signIn(said) {
  const login = process.env.PICTURE_LOGIN ?? said.match(/[\w.+-]+@[\w.-]+\w/)?.[0];
  const password = process.env.PICTURE_PASSWORD ?? (said.match(/(?:password|密码)\W*?[:：]?\s*(\S+)/i) ?? said.match(/@[\w.-]+\s+(\S+)/))?.[1];
  if (!login || !password) throw new Error(`'chengdan demo' names nobody who can sign in; it said:\n${said}`);
  return { login, password };
}

const chengdan = process.env.CHENGDAN_BIN ?? run("scripts/build");
const data = mkdtempSync(join(tmpdir(), "chengdan-pictures-"));
let server;
let browser;
try {
  const who = signIn(run(chengdan, "demo", "--load-only", "--data", join(data, "demo"), "--scale", "1"));
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
    const page = await context.newPage();
    await page.goto(base);
    const status = await page.evaluate(async (person) => {
      const headers = { "Content-Type": "application/json" };
      return (await fetch("/api/session", { method: "POST", headers, body: JSON.stringify(person) })).status;
    }, who);
    if (status !== 200) throw new Error(`signing in as ${who.login} answers ${status}`);
    await page.goto(base + picture.path);
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
