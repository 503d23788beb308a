import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, desktop, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;

before(async () => {
  house = await open();
  await setUp(house);
});
after(() => house?.close());

test("an administrator writes a formula, is told where it is wrong, sees what comes of it, and says from where on it is good", async () => {
  const page = await pageFor(house, { screen: desktop });
  await signIn(house, page);
  await page.goto(`${house.base}/metric_catalogue`);
  await page.getByRole("link", { name: "客单价", exact: true }).waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: /新建$/ }).last().click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: /^名称/ }).fill("每次拜访赢单额");
  await form.getByLabel("英文名称").fill("Won per visit");
  await form.getByLabel("代码").fill("won_per_visit");
  await form.getByLabel("公式").fill("metrics.won_amount / metrics.vists");
  const problem = form.getByRole("alert");
  await problem.waitFor();
  assert.match(await problem.locator("mark").innerText(), /vists/);
  await problem.getByText("没有代码为 vists 的指标").waitFor();
  await isAccessible(page);
  await form.getByLabel("公式").fill("metrics.won_amount / metrics.visits");
  await form.getByText("拜访次数、赢单金额").waitFor();
  await form.getByRole("button", { name: /创\s?建/ }).click();
  await form.waitFor({ state: "hidden" });
  const made = (await call(house, "GET", "/metrics?page_size=200")).rows.find((row) => row.code === "won_per_visit");
  assert.equal(made.formula, "metrics.won_amount / metrics.visits");
  await page.goto(`${house.base}/metric_catalogue/${made.id}`);
  await page.getByRole("heading", { name: "每次拜访赢单额" }).waitFor();
  await page.getByRole("button", { name: "新建指标阈值" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("良好起点").fill("3");
  await dialog.getByLabel("一般起点").fill("1.5");
  await dialog.getByRole("button", { name: /保\s?存/ }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("良好 3 起，一般 1.5 起").waitFor();
  await isAccessible(page);
});

test("on a phone a metric reads in English and fits", async () => {
  const page = await pageFor(house, { screen: phone, language: "en" });
  await signIn(house, page);
  const all = (await call(house, "GET", "/metrics?page_size=200")).rows;
  await page.goto(`${house.base}/metric_catalogue/${all.find((row) => row.code === "win_rate").id}`);
  await page.getByRole("heading", { name: "Win rate", exact: true }).waitFor();
  await fits(page);
  await isAccessible(page);
});
