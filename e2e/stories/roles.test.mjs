import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, colleague, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let li;
let customer;
let contact;
before(async () => {
  house = await open();
  await setUp(house);
  li = await colleague(house, { name: "李明", email: "li.ming@haichuan.example", role: "salesperson" });
  customer = await call(house, "POST", "/customers", { name: "北京红圈科技有限公司", phone: "010-62001234", owner_id: li.id });
  contact = await call(house, "POST", "/contacts", { name: "王主任", mobile: "13800138000", customer_id: customer.id });
  await call(house, "POST", "/customers", { name: "上海海纳机电股份有限公司" });
});
after(() => house?.close());

test("a field rule and a reach set in the role editor decide what the other person sees from then on", async () => {
  const theirs = await pageFor(house);
  await signIn(house, theirs, li);
  await theirs.goto(`${house.base}/contacts/${contact.id}`);
  await theirs.getByText("13800138000").first().waitFor();

  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/settings/roles`);
  await page.getByRole("navigation", { name: "角色与权限" }).getByRole("button", { name: "销售员" }).click();
  const editor = page.getByRole("region", { name: "销售员" });
  await isAccessible(page);
  await editor.getByLabel("添加字段规则").click();
  await page.keyboard.type("手机");
  await page.locator(".ant-select-dropdown:visible").getByTitle("手机", { exact: true }).first().click();
  await editor.getByLabel("添加字段规则").click();
  await page.keyboard.type("来源");
  await page.keyboard.press("Enter");
  await editor.getByRole("button", { name: "保存" }).click();
  await editor.getByText("有未保存的修改").waitFor({ state: "hidden" });
  await isAccessible(page);
  page.settle();
  await page.context().close();

  await theirs.reload();
  await theirs.getByRole("heading", { name: "王主任" }).waitFor();
  await theirs.getByText(/138\*+/).first().waitFor();
  assert.equal(await theirs.getByText("13800138000").count(), 0);
  theirs.settle();
  await theirs.context().close();
});

test("a right taken away takes its button with it", async () => {
  const page = await pageFor(house, { language: "en", dark: true });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/roles`);
  await page.getByRole("navigation").getByRole("button", { name: /销售员|Salesperson/ }).click();
  const cell = page.getByLabel("Customers · Create");
  if ((await cell.evaluate((node) => node.tagName)) === "SELECT") await cell.selectOption("none");
  else await cell.uncheck();
  await isAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Unsaved changes").waitFor({ state: "hidden" });
  page.settle();
  await page.context().close();

  const theirs = await pageFor(house, { screen: phone });
  await signIn(house, theirs, li);
  await theirs.goto(`${house.base}/customers`);
  await theirs.getByText("北京红圈科技有限公司").first().waitFor();
  assert.equal(await theirs.getByText("上海海纳机电股份有限公司").count(), 0);
  assert.equal(await theirs.getByRole("main").getByRole("button", { name: /新建/ }).count(), 0);
  await fits(theirs);
  await isAccessible(theirs);
  theirs.settle();
  await theirs.context().close();
});

test("an administrator looks as this person: their records, read-only, and noted", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/people/${li.id}`);
  await page.getByRole("button", { name: "账号" }).click();
  await page.getByRole("menuitem", { name: "以此人的身份查看" }).click();
  await page.getByText("正在以「李明」的身份查看，只读").waitFor();
  await isAccessible(page);
  await page.goto(`${house.base}/customers`);
  await page.getByRole("link", { name: "北京红圈科技有限公司" }).waitFor();
  assert.equal(await page.getByText("上海海纳机电股份有限公司").count(), 0);
  assert.equal(await page.getByRole("main").getByRole("button", { name: /新建/ }).count(), 0);
  const refused = await page.evaluate(async () => {
    const answer = await fetch("/api/customers", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "不该有的客户" }),
    });
    return answer.status;
  });
  assert.equal(refused, 403);
  await page.getByRole("button", { name: "退出查看" }).click();
  await page.getByText("正在以「李明」的身份查看，只读").waitFor({ state: "hidden" });
  await page.goto(`${house.base}/customers?view=everything`);
  await page.getByRole("link", { name: "上海海纳机电股份有限公司" }).waitFor();
  const audit = await call(house, "GET", "/audit?action=preview");
  assert.ok(audit.rows.some((row) => row.record_id === li.id), JSON.stringify(audit.rows));
  page.settle();
  await page.context().close();
});
