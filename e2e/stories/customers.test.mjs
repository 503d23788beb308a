import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
  await call(house, "POST", "/customers", { name: "北京红圈科技有限公司", level: "A", region: "110108" });
  await call(house, "POST", "/customers", { name: "上海海纳机电股份有限公司", level: "B", region: "310115" });
});
after(() => house?.close());

test("a new customer warns of the same company under another writing, and is found by initials", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/customers`);
  await page.getByRole("button", { name: /新建$/ }).last().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("客户名称").fill("红圈科技（北京）有限公司");
  await form.getByText("北京红圈科技有限公司").waitFor();
  await form.getByLabel("客户名称").fill("杭州云栖自动化有限公司");
  await isAccessible(page);
  await page.keyboard.press("Control+Enter");
  await form.waitFor({ state: "hidden" });
  await page.goto(`${house.base}/customers`);
  await page.getByPlaceholder("在列表中查找").fill("yqzdh");
  await page.getByRole("link", { name: "杭州云栖自动化有限公司" }).waitFor();
  await page.getByRole("link", { name: "上海海纳机电股份有限公司" }).waitFor({ state: "hidden" });
  page.settle();
  await page.context().close();
});

test("a change is shown in history, reaches another open page by itself, and can be undone", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  const { rows } = await call(house, "GET", "/customers?q=hn");
  await page.goto(`${house.base}/customers/${rows[0].id}`);
  await page.getByRole("heading", { name: "上海海纳机电股份有限公司" }).waitFor();
  await page.waitForTimeout(500);
  await call(house, "PATCH", `/customers/${rows[0].id}`, { short_name: "海纳机电" }, { "if-match": `"${rows[0].version}"` });
  await page.getByText("海纳机电", { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "修改记录" }).click();
  await page.getByRole("tabpanel").getByText("→ 海纳机电").waitFor();
  await isAccessible(page);
  const history = await call(house, "GET", `/customers/${rows[0].id}/history`);
  await call(house, "POST", `/ledger/${history.rows[0].batch}/undo`);
  const now = await call(house, "GET", `/customers/${rows[0].id}`);
  assert.equal(now.short_name, null);
  page.settle();
  await page.context().close();
});

test("the list and a customer's page fit a phone, in both languages and in the dark", async () => {
  for (const look of [{ language: "zh-CN" }, { language: "en", dark: true }]) {
    const page = await pageFor(house, { screen: phone, ...look });
    await signIn(house, page);
    await page.goto(`${house.base}/customers`);
    await page.getByText("北京红圈科技有限公司").first().waitFor();
    await fits(page);
    await isAccessible(page);
    await page.getByText("北京红圈科技有限公司").first().click();
    await page.waitForURL(/customers\/[0-9a-f-]+/);
    await page.getByRole("heading", { name: "北京红圈科技有限公司" }).waitFor();
    await fits(page);
    await isAccessible(page);
    page.settle();
    await page.context().close();
  }
});
