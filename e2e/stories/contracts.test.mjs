import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

const day = (distance) => new Date(Date.now() + distance * 86_400_000).toISOString().slice(0, 10);
const money = (amount_minor) => ({ amount_minor, currency: "CNY" });

let house;
let customer;
before(async () => {
  house = await open();
  await setUp(house);
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司" });
});
after(() => house?.close());

/** A signed contract over 30,000.00 in three instalments, the first of them overdue. */
async function contract(title) {
  const made = await call(house, "POST", "/contracts", {
    title,
    customer_id: customer.id,
    amount: money(3_000_000),
    signed_on: day(-60),
  });
  const rows = [-50, 10, 40].map((distance, index) => ({
    condition: `第 ${index + 1} 期`,
    due_on: day(distance),
    amount: money(1_000_000),
  }));
  const now = await call(house, "GET", `/contracts/${made.id}`);
  await call(house, "PUT", `/contracts/${made.id}/plan`, { rows }, { "if-match": `"${now.version}"` });
  return made;
}

test("a contract is signed with three instalments, a payment is matched, and the ageing follows", async () => {
  const made = await call(house, "POST", "/contracts", {
    title: "产线改造合同",
    customer_id: customer.id,
    amount: money(100_000),
  });
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/contracts/${made.id}`);
  await page.getByRole("heading", { name: "产线改造合同" }).waitFor();
  await page.getByRole("button", { name: "修改分期计划" }).click();
  await page.getByRole("button", { name: "平均分成 3 期" }).click();
  await page.getByText("合计与合同金额一致").waitFor();
  await page.getByRole("button", { name: /^保\s*存$/ }).click();
  await page.getByText("分期计划已保存").waitFor();
  const plan = await call(house, "GET", `/contracts/${made.id}/plan`);
  assert.deepEqual(plan.rows.map((row) => row.amount.amount_minor), [33_334, 33_333, 33_333]);
  await page.getByRole("button", { name: /^签\s*订$/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /^签\s*订$/ }).click();
  await page.getByText("合同已签订").waitFor();
  await isAccessible(page);

  await contract("设备采购合同");
  await page.goto(`${house.base}/receivables`);
  await page.getByText("逾期 31–60 天").first().waitFor();
  await page.getByRole("link", { name: "¥1万" }).first().waitFor();
  await isAccessible(page);

  await call(house, "POST", "/payments", {
    customer_id: customer.id,
    amount: money(1_000_000),
    received_on: day(-1),
    payer: "恒力精密",
    reference: "设备款",
  });
  await page.goto(`${house.base}/payments/matching`);
  await page.getByText("金额正好").waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: /^核销 ¥10,000.00$/ }).click();
  await page.getByText("都核销完了").waitFor();

  await page.goto(`${house.base}/receivables`);
  await page.getByText("逾期 31–60 天").first().waitFor();
  const now = await call(house, "GET", "/receivables");
  assert.equal(now.total.overdue.amount_minor, 0);
  assert.equal(await page.getByRole("link", { name: "¥1万" }).count(), 0);
  page.settle();
  await page.context().close();
});

test("a payment larger than what is open says in its form what stays unmatched", async () => {
  const buyer = await call(house, "POST", "/customers", { name: "无锡宏远机械有限公司" });
  await call(house, "POST", "/contracts", {
    title: "宏远备件合同",
    customer_id: buyer.id,
    amount: money(50_000),
    signed_on: day(-1),
  });
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/payments`);
  await page.getByRole("button", { name: /新建/ }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: "客户" }).click();
  await page.keyboard.type("宏远");
  await page.locator(".ant-select-item-option", { hasText: "无锡宏远" }).click();
  await form.getByLabel("回款金额").fill("500");
  await page.waitForTimeout(500);
  assert.equal(await form.getByText("将留作未核销").count(), 0);
  await form.getByLabel("回款金额").fill("620");
  await form.getByText("该客户待收 ¥500.00，多出的 ¥120.00 将留作未核销").waitFor();
  await isAccessible(page);
  await form.getByLabel("到账日期").fill(day(-1));
  await page.keyboard.press("Enter");
  await page.getByText("回款比待收款多").waitFor();
  const [payment] = (await call(house, "GET", `/payments?filter=${encodeURIComponent(JSON.stringify({ field: "customer_id", op: "in", value: [buyer.id] }))}`)).rows;
  assert.deepEqual(payment.amount, money(62_000));
  page.settle();
  await page.context().close();
});

test("receivables, plan and matching fit a phone and are accessible, in both languages", async () => {
  const made = await contract("手机上的合同");
  await call(house, "POST", "/payments", {
    customer_id: customer.id,
    amount: money(500_000),
    received_on: day(-1),
  });
  for (const look of [{ language: "zh-CN" }, { language: "en", dark: true }]) {
    const page = await pageFor(house, { screen: phone, ...look });
    await signIn(house, page);
    for (const path of ["/contracts", `/contracts/${made.id}?tab=related`, "/receivables", "/payments/matching"]) {
      await page.goto(`${house.base}${path}`);
      await page.getByRole("heading").first().waitFor();
      await page.waitForTimeout(800);
      await fits(page);
      await isAccessible(page);
    }
    page.settle();
    await page.context().close();
  }
});
