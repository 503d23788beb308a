// A running Chengdan and a browser in front of it, for one story file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binary = process.env.CHENGDAN_BIN ?? join(root, "target/debug/chengdan");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };
export const administrator = { name: "王芳", email: "wang.fang@haichuan.example", password: "correct horse battery" };

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts the binary on an empty folder, with a browser. `close` ends both and removes the folder. */
export async function open() {
  const data = mkdtempSync(join(tmpdir(), "chengdan-story-"));
  const address = `127.0.0.1:${await freePort()}`;
  const base = `http://${address}`;
  const house = { base, data, said: "" };
  house.start = async () => {
    house.server = spawn(binary, ["serve", "--data", data, "--listen", address], { stdio: ["ignore", "pipe", "pipe"] });
    house.server.stdout.on("data", (text) => (house.said += text));
    house.server.stderr.on("data", (text) => (house.said += text));
    for (let attempt = 0; attempt < 200; attempt += 1) {
      assert.equal(house.server.exitCode, null, `the server stopped:\n${house.said}`);
      const answer = await fetch(`${base}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server doesn't become ready:\n${house.said}`);
  };
  house.stop = (signal = "SIGTERM") =>
    new Promise((resolve) => {
      house.server.once("exit", resolve);
      house.server.kill(signal);
    });
  await house.start();
  house.browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  house.close = async () => {
    await house.browser.close();
    if (house.server.exitCode === null) await house.stop();
    rmSync(data, { recursive: true, force: true });
  };
  return house;
}

/** The one-time token that the server prints at its first start. */
export function setupToken(house) {
  const token = house.said.match(/token=([0-9a-f]+)/)?.[1];
  assert.ok(token, `no set-up link in:\n${house.said}`);
  return token;
}

/** Makes the first administrator through the API and keeps its cookie for `call`. */
export async function setUp(house, language = "zh-CN") {
  const answer = await fetch(`${house.base}/api/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: setupToken(house), company_name: "海川机电", language, ...administrator }),
  });
  assert.equal(answer.status, 200, await answer.text());
  house.cookie = answer.headers.get("set-cookie").split(";")[0];
}

/** Calls the API as the administrator. */
export async function call(house, method, path, body, headers = {}) {
  const answer = await fetch(`${house.base}/api${path}`, {
    method,
    headers: { cookie: house.cookie, "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** A colleague with a shipped role, who signs in with the administrator's password. */
export async function colleague(house, { role, ...person }) {
  const { rows } = await call(house, "GET", "/roles?page_size=50");
  const role_ids = rows.filter((entry) => entry.code === role).map((entry) => entry.id);
  const made = await call(house, "POST", "/people", { ...person, role_ids });
  const { url } = await call(house, "POST", `/people/${made.id}/reset-link`);
  const token = new URL(url, house.base).searchParams.get("token");
  await call(house, "POST", "/password-resets/redeem", { token, password: administrator.password });
  return { ...made, password: administrator.password };
}

const looks = ({ screen = desktop, language = "zh-CN", dark = false }) => ({
  viewport: screen,
  locale: language,
  timezoneId: "Asia/Shanghai",
  colorScheme: dark ? "dark" : "light",
  reducedMotion: "reduce",
  isMobile: screen.width < 600,
  hasTouch: screen.width < 600,
});

/** A page of a person's own browser; any error on its console fails the story at `page.settle()`. */
export async function pageFor(house, look = {}) {
  return watched(await (await house.browser.newContext(looks(look))).newPage());
}

/** A page of a browser that keeps what it has in `folder`, so that it can be closed and opened again. */
export async function pageOfDevice(folder, look = {}) {
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: flags, ...looks(look) });
  return watched(context.pages()[0] ?? (await context.newPage()));
}

function watched(page) {
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A refused request is part of some stories; the browser reports each as an error of its own.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  page.settle = () => assert.deepEqual(complaints, [], "errors in the browser");
  return page;
}

/** Signs in through the page, as a person does who reads the language of the page's look. */
export async function signIn(house, page, who = administrator) {
  await page.goto(`${house.base}/sign-in`);
  await page.locator("input").first().fill(who.email);
  await page.locator("input[type=password]").fill(who.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  // Behind the sign-in the person's own language counts, not the browser's.
  const isChanged = await page.evaluate(async () => {
    const { person } = await (await fetch("/api/session")).json();
    const language = navigator.language;
    if (person.language === language) return false;
    const headers = { "content-type": "application/json" };
    return (await fetch("/api/me", { method: "PATCH", headers, body: JSON.stringify({ language }) })).ok;
  });
  if (isChanged) await page.reload();
}

/** No accessibility violations of WCAG 2.2 AA on the page as it stands. */
export async function isAccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  assert.deepEqual(told, []);
}

/** Nothing sticks out of the screen sideways. */
export async function fits(page) {
  const { wide, screen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, screen: innerWidth }));
  assert.ok(wide <= screen, `the page is ${wide} px wide on a screen of ${screen}`);
}
