import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { call, isAccessible, open, pageFor, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
  await call(house, "POST", "/customers", { name: "北京红圈科技有限公司" });
});
after(() => house?.close());

test("a field of the company's own is made, filled in a form, shown in the list, and filtered, without a restart", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/settings/custom_fields`);
  await page.getByText("还没有自定义字段").waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: "添加字段" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("用在").click();
  await page.keyboard.type("客户");
  await page.keyboard.press("Enter");
  await dialog.getByLabel("类型").click();
  await page.getByTitle("单选", { exact: true }).click();
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.getByText("请至少填一种语言的名称").waitFor();
  await dialog.getByLabel("中文名称").first().fill("付款习惯");
  await dialog.getByLabel("英文名称").first().fill("Payment habit");
  const choices = dialog.getByRole("group", { name: "选项" });
  await choices.getByLabel("中文名称").nth(0).fill("货到付款");
  await choices.getByLabel("中文名称").nth(1).fill("月结三十天");
  await isAccessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("付款习惯").waitFor();

  await page.goto(`${house.base}/customers?view=everything`);
  await page.getByRole("button", { name: /新建$/ }).last().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("客户名称").fill("上海海纳机电股份有限公司");
  const more = form.getByRole("button", { name: /自定义字段/ });
  if (await more.count()) await more.click();
  await form.getByLabel("付款习惯").click();
  await page.getByTitle("月结三十天", { exact: true }).click();
  await page.keyboard.press("Control+Enter");
  await form.waitFor({ state: "hidden" });

  await page.goto(`${house.base}/customers?view=everything`);
  await page.getByRole("button", { name: "列与行高" }).click();
  await page.getByRole("region", { name: "列与行高" }).getByRole("checkbox", { name: "付款习惯" }).check();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "付款习惯" }).waitFor();
  await page.getByRole("cell", { name: "月结三十天" }).waitFor();
  await page.getByRole("button", { name: "筛选" }).click();
  const builder = page.getByRole("region", { name: "筛选" });
  await builder.getByLabel("字段").click();
  await page.keyboard.type("付款习惯");
  await page.keyboard.press("Enter");
  await builder.getByLabel("值").click();
  await page.keyboard.type("月结");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "北京红圈科技有限公司" }).waitFor({ state: "hidden" });
  await page.getByRole("link", { name: "上海海纳机电股份有限公司" }).waitFor();
  await isAccessible(page);
  page.settle();
  await page.context().close();
});

test("the field is a column of a file like any other, and a word that is none of its choices is told by cell", async () => {
  const file = join(house.data, "付款.csv");
  writeFileSync(file, "客户名称,付款习惯\n宁波甬江电气有限公司,货到付款\n无锡梁溪泵业有限公司,看心情\n");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/imports?resource=customers`);
  await page.locator("input[type=file]").setInputFiles(file);
  await page.waitForURL(/imports\/[0-9a-f-]+/);
  await page.getByRole("button", { name: "试运行" }).click();
  await page.getByRole("heading", { name: "出错的单元格" }).waitFor();
  const bad = page.getByRole("row", { name: /看心情/ });
  await bad.getByRole("cell", { name: "付款习惯" }).waitFor();
  assert.equal(await bad.getByRole("cell").first().innerText(), "3");
  await page.getByLabel("「看心情」实际是").click();
  await page.getByTitle("月结三十天", { exact: true }).click();
  await page.getByRole("button", { name: "再检查一次" }).click();
  await page.getByText("没有发现错误，可以导入。").waitFor();
  await page.getByRole("button", { name: "导入 2 条" }).click();
  await page.getByRole("heading", { name: "导入完成" }).waitFor();
  const { resources } = await call(house, "GET", "/meta");
  const field = resources.find((entry) => entry.name === "customers").fields.find((entry) => entry.custom);
  const { rows } = await call(house, "GET", "/customers?q=%E5%AE%81%E6%B3%A2");
  const said = field.choices.find((choice) => choice.code === rows[0][field.name]);
  assert.equal(said.label["zh-CN"], "货到付款");
  page.settle();
  await page.context().close();
});

test("an English colleague reads its English name", async () => {
  const page = await pageFor(house, { language: "en", dark: true });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/custom_fields`);
  await page.getByText("Payment habit").waitFor();
  await isAccessible(page);
  page.settle();
  await page.context().close();
});
