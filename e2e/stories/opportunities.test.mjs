import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
  const customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司" });
  for (const [name, amount] of [["产线改造一期", 3_200_000], ["视觉检测系统", 9_600_000]]) {
    await call(house, "POST", "/opportunities", {
      name,
      customer_id: customer.id,
      amount: { amount_minor: amount, currency: "CNY" },
      next_step: "约技术交流",
      next_step_on: "2030-01-15",
      expected_close_on: "2030-03-20",
    });
  }
});
after(() => house?.close());

test("the board shows both opportunities with their sum, and opens one", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/opportunities`);
  await page.getByText("产线改造一期").waitFor();
  await page.getByText("¥12.8万").first().waitFor();
  await isAccessible(page);
  await page.getByText("产线改造一期").click();
  await page.getByText("约技术交流").first().waitFor();
  page.settle();
  await page.context().close();
});

test("an advanced opportunity stands in its new column on every open board", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/opportunities`);
  await page.getByText("视觉检测系统").waitFor();
  const { rows } = await call(house, "GET", "/opportunities?q=%E8%A7%86%E8%A7%89");
  const stages = (await call(house, "GET", `/processes/${rows[0].process_id}/stages`)).rows;
  const next = stages.find((stage) => stage.code === "intention");
  await call(
    house,
    "POST",
    `/opportunities/${rows[0].id}/advance`,
    { stage_id: next.id, next_step: "报价", next_step_on: "2030-01-20" },
    { "if-match": `"${rows[0].version}"` },
  );
  await page.getByText("报价").waitFor();
  page.settle();
  await page.context().close();
});

test("board, list and dashboard fit a phone and are accessible, in both languages", async () => {
  for (const look of [{ language: "zh-CN" }, { language: "en", dark: true }]) {
    const page = await pageFor(house, { screen: phone, ...look });
    await signIn(house, page);
    await page.goto(`${house.base}/opportunities`);
    await page.getByText("产线改造一期").first().waitFor();
    await fits(page);
    await isAccessible(page);
    await page.goto(`${house.base}/`);
    await page.getByRole("heading").first().waitFor();
    await page.waitForTimeout(1_500);
    await fits(page);
    await isAccessible(page);
    page.settle();
    await page.context().close();
  }
});

test("closing as lost without a reason is refused, and nothing changes", async () => {
  const { rows } = await call(house, "GET", "/opportunities?q=%E4%BA%A7%E7%BA%BF");
  const answer = await fetch(`${house.base}/api/opportunities/${rows[0].id}/close`, {
    method: "POST",
    headers: { cookie: house.cookie, "content-type": "application/json", "if-match": `"${rows[0].version}"` },
    body: JSON.stringify({ outcome: "lost" }),
  });
  assert.equal(answer.status, 422);
  const problem = await answer.json();
  assert.equal(problem.errors[0].pointer, "/loss_reason");
  assert.equal((await call(house, "GET", `/opportunities/${rows[0].id}`)).outcome, "open");
});

test("a price that comes late changes nothing that was typed meanwhile", async () => {
  const price = { amount_minor: 20_000, currency: "CNY" };
  const product = await call(house, "POST", "/products", { name: "视觉控制器", list_price: price });
  const { rows } = await call(house, "GET", "/opportunities?q=%E8%A7%86%E8%A7%89%E6%A3%80%E6%B5%8B");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/opportunities/${rows[0].id}`);
  let tell;
  const isTyped = new Promise((resolve) => (tell = resolve));
  await page.route(`**/api/products/${product.id}`, async (route) => {
    await isTyped;
    await route.continue();
  });
  await page.getByRole("button", { name: "编辑产品明细" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("产品", { exact: true }).click();
  await page.getByTitle("视觉控制器").click();
  await dialog.getByLabel("数量").fill("5");
  await dialog.getByLabel("折扣").fill("10");
  tell();
  await dialog.getByText("¥900.00").first().waitFor();
  await isAccessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await call(house, "GET", `/opportunities/${rows[0].id}`)).amount.amount_minor, 90_000);
  page.settle();
  await page.context().close();
});

test("an amount in another currency is refused at its field, and nothing else is saved in its place", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/opportunities?show=list&view=everything`);
  await page.getByRole("button", { name: /新建$/ }).last().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("商机名称").fill("海外产线");
  await form.getByLabel("金额", { exact: true }).fill("$1200");
  await form.getByText("金额只能用 CNY").first().waitFor();
  await isAccessible(page);
  await page.keyboard.press("Control+Enter");
  assert.equal((await call(house, "GET", "/opportunities?q=%E6%B5%B7%E5%A4%96")).total.count, 0);
  await form.getByLabel("金额", { exact: true }).fill("1.2万");
  await form.getByText("金额只能用 CNY").waitFor({ state: "hidden" });
  page.settle();
  await page.context().close();
});

test("a full day of the calendar shows its largest and leads to all of them", async () => {
  const customer = await call(house, "POST", "/customers", { name: "南通海工装备有限公司" });
  const { today } = await call(house, "GET", "/meta");
  for (let i = 1; i <= 5; i += 1) {
    await call(house, "POST", "/opportunities", {
      name: `海工${i}号`,
      customer_id: customer.id,
      amount: { amount_minor: i * 1_000_000, currency: "CNY" },
      next_step: "报价",
      next_step_on: "2030-01-15",
      expected_close_on: today,
    });
  }
  for (const [look, words] of [[{}, ["5 个商机", "还有 3 个"]], [{ screen: phone, language: "en", dark: true }, ["5 opportunities", "2 more"]]]) {
    const page = await pageFor(house, look);
    await signIn(house, page);
    await page.goto(`${house.base}/opportunities?show=calendar&view=open`);
    await page.getByText(words[0]).first().waitFor();
    await fits(page);
    await isAccessible(page);
    await page.getByRole("link", { name: words[1] }).click();
    await page.getByText("海工1号").first().waitFor();
    assert.equal(await page.getByText(/^海工\d号$/).count(), 5);
    page.settle();
    await page.context().close();
  }
});
