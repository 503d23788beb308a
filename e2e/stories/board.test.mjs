import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let customer;
let stages;
before(async () => {
  house = await open();
  await setUp(house);
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司" });
});
after(() => house?.close());

/** An opportunity in the first stage, with a next step. */
const opportunity = async (name) => {
  const made = await call(house, "POST", "/opportunities", {
    name,
    customer_id: customer.id,
    amount: { amount_minor: 3_200_000, currency: "CNY" },
    next_step: "约技术交流",
    next_step_on: "2030-01-15",
  });
  stages ??= (await call(house, "GET", `/processes/${made.process_id}/stages`)).rows;
  return made;
};
const now = (made) => call(house, "GET", `/opportunities/${made.id}`);
const stage = (code) => stages.find((entry) => entry.code === code);

/** Takes a card by the mouse to the column of a stage, as a hand does: not in one jump. */
async function drag(page, card, target) {
  const from = await card.boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 12, from.y + from.height / 2 + 4, { steps: 3 });
  // Near an edge the board moves along under the pointer; a hand follows until the column takes the card.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const to = await target.boundingBox();
    await page.mouse.move(to.x + to.width / 2, to.y + 120, { steps: 8 });
    await page.waitForTimeout(100);
    if ((await target.getAttribute("data-over")) && to.x === (await target.boundingBox()).x) break;
  }
  await page.mouse.up();
}

async function board(look) {
  const page = await pageFor(house, look);
  await signIn(house, page);
  await page.goto(`${house.base}/opportunities?show=board&view=everything`);
  const column = (code, name) => page.getByRole("region", { name: name ?? stage(code).name, exact: true });
  return { page, column, card: (within, text) => within.getByRole("button", { name: new RegExp(text) }) };
}

test("a card dragged to the next column is there on the server too, and comes back by undo", async () => {
  const made = await opportunity("产线改造一期");
  const { page, column, card } = await board();
  await card(column("prospect"), "产线改造一期").waitFor();
  await isAccessible(page);
  await drag(page, card(column("prospect"), "产线改造一期"), column("target"));
  await card(column("target"), "产线改造一期").waitFor();
  await page.getByText(`「产线改造一期」已到${stage("target").name}`).waitFor();
  assert.equal((await now(made)).stage_id, stage("target").id);
  await page.getByRole("button", { name: "撤销" }).click();
  await card(column("prospect"), "产线改造一期").waitFor();
  assert.equal((await now(made)).stage_id, stage("prospect").id);
  page.settle();
  await page.context().close();
});

test("a card dropped on lost asks why, takes no for an answer without a reason, and can be reopened", async () => {
  const made = await opportunity("视觉检测系统");
  const { page, column, card } = await board();
  await drag(page, card(column("prospect"), "视觉检测系统"), column("lost"));
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await isAccessible(page);
  await dialog.getByRole("button", { name: "输单" }).click();
  await dialog.getByText("请填写输单原因").waitFor();
  assert.equal((await now(made)).outcome, "open");
  await dialog.getByLabel("输单原因").click();
  await page.getByTitle("价格", { exact: true }).click();
  await dialog.getByLabel("竞争对手").fill("红杉自动化");
  await dialog.getByRole("button", { name: "输单" }).click();
  await dialog.waitFor({ state: "hidden" });
  const lost = await now(made);
  assert.deepEqual([lost.outcome, lost.loss_reason, lost.competitor], ["lost", "price", "红杉自动化"]);

  await page.goto(`${house.base}/opportunities/${made.id}`);
  await page.getByText("输给红杉自动化").waitFor();
  await isAccessible(page);
  await page.getByRole("list", { name: "阶段" }).getByRole("button", { name: new RegExp(stage("target").name) }).click();
  await dialog.getByLabel("重新打开的原因").fill("客户重新招标");
  await dialog.getByRole("button", { name: "重新打开" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("输给红杉自动化").waitFor({ state: "hidden" });
  const again = await now(made);
  assert.deepEqual(
    [again.outcome, again.stage_id, again.loss_reason, again.reopen_reason],
    ["open", stage("target").id, null, "客户重新招标"],
  );
  page.settle();
  await page.context().close();
});

test("who changes their mind in the dialog finds the card where it was", async () => {
  const made = await opportunity("仓储机器人");
  const { page, column, card } = await board();
  await drag(page, card(column("prospect"), "仓储机器人"), column("won"));
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "取消" }).click();
  await dialog.waitFor({ state: "hidden" });
  await card(column("prospect"), "仓储机器人").waitFor();
  assert.equal((await now(made)).outcome, "open");
  page.settle();
  await page.context().close();
});

test("the keyboard alone moves a card and wins it, in English and in the dark", async () => {
  const made = await opportunity("立体仓库二期");
  const { page, column, card } = await board({ language: "en", dark: true });
  const here = card(column("prospect", "Prospect"), "立体仓库二期");
  await here.focus();
  // What a screen reader is told between the keys.
  const told = (text) => page.getByText(text, { exact: true }).waitFor({ state: "attached" });
  await page.keyboard.press("Space");
  await told("Over Prospect");
  await page.keyboard.press("ArrowRight");
  await told("Over Target");
  await page.keyboard.press("Space");
  await page.getByText("“立体仓库二期” is now in Target").waitFor();
  assert.equal((await now(made)).stage_id, stage("target").id);
  await card(column("target", "Target"), "立体仓库二期").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/open=/);
  await page.goto(`${house.base}/opportunities/${made.id}`);
  await page.getByRole("button", { name: "Won", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await isAccessible(page);
  await dialog.getByRole("button", { name: "Close as won" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await now(made)).outcome, "won");
  page.settle();
  await page.context().close();
});

test("on a phone the stages are tabs, and a card is moved on its own page", async () => {
  const made = await opportunity("包装线升级");
  const { page } = await board({ screen: phone });
  const tabs = page.getByRole("navigation", { name: "阶段" });
  await tabs.getByRole("button", { name: new RegExp(stage("prospect").name) }).waitFor();
  await fits(page);
  await isAccessible(page);
  await page.getByRole("button", { name: /包装线升级/ }).tap();
  await page.waitForURL(/opportunities\/[0-9a-f-]+/);
  await page.getByRole("button", { name: `推进到${stage("target").name}` }).tap();
  await page.getByText(`「包装线升级」已到${stage("target").name}`).waitFor();
  await page.getByRole("button", { name: "赢单", exact: true }).tap();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await fits(page);
  await isAccessible(page);
  await dialog.getByRole("button", { name: "赢单" }).tap();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await now(made)).outcome, "won");
  page.settle();
  await page.context().close();
});
