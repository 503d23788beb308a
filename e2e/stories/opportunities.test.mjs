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
