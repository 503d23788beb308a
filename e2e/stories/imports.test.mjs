import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
});
after(() => house?.close());

test("an ugly file is uploaded, its bad cell named, the rest imported, and all of it undone", async () => {
  const file = join(house.data, "客户.csv");
  writeFileSync(file, "公司名称,等级,所在地区,联系电话\n宁波甬江电气有限公司,A,宁波,0574-87650001\n无锡梁溪泵业有限公司,Z,无锡,0510-82750002\n");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/imports`);
  await page.locator("input[type=file]").setInputFiles(file);
  await page.waitForURL(/imports\/[0-9a-f-]+/);
  await page.getByText("公司名称").first().waitFor();
  await isAccessible(page);
  const [row] = (await call(house, "GET", "/imports")).rows;
  const shown = await call(house, "GET", `/imports/${row.id}`);
  const columns = Object.fromEntries(shown.columns.map((column) => [column.name, column.suggestion]));
  assert.equal(columns["公司名称"].field, "name");
  const mapping = { mode: "create", key: null, columns, constants: {}, skip_bad_rows: true };
  const until = async (state) => {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const now = await call(house, "GET", `/imports/${row.id}`);
      if (now.state === state) return now;
      assert.notEqual(now.state, "failed", JSON.stringify(now));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the import does not become ${state}`);
  };
  await call(house, "POST", `/imports/${row.id}/check`, { mapping });
  const checked = await until("checked");
  assert.equal(checked.errors[0].row, 3);
  assert.equal(checked.errors[0].value, "Z");
  await page.getByText("Z", { exact: true }).first().waitFor();
  await isAccessible(page);
  await call(house, "POST", `/imports/${row.id}/run`, { mapping });
  const done = await until("done");
  assert.equal(done.summary.create, 1);
  assert.equal((await call(house, "GET", "/customers")).total.count, 1);
  await call(house, "POST", `/imports/${row.id}/undo`);
  await until("undone");
  assert.equal((await call(house, "GET", "/customers")).total.count, 0);
  page.settle();
  await page.context().close();
});

test("dirt is told by cell, the words of a file are told what they mean, the rest is left out, and the result undone", async () => {
  const file = join(house.data, "旧系统导出.csv");
  const rows = [
    "客户全称,等级,所在地区,旧系统备注",
    "宁波甬江电气有限公司,A,宁波,老客户",
    "无锡梁溪泵业有限公司,甲,无锡,",
    "常州武进轴承有限公司,甲,常州,年底再约",
    "镇江船用机械有限公司,A,火星,",
    ",B,上海,没有名字",
  ];
  writeFileSync(file, `${rows.join("\n")}\n`);
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/imports?resource=customers`);
  await page.locator("input[type=file]").setInputFiles(file);
  await page.waitForURL(/imports\/[0-9a-f-]+/);
  await page.getByLabel("旧系统备注对应的字段").click();
  await page.keyboard.type("说明");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "试运行" }).click();
  await page.getByRole("heading", { name: "出错的单元格" }).waitFor();
  await isAccessible(page);
  const cells = async () => {
    const found = await page.getByRole("table").last().getByRole("row").allInnerTexts();
    return found.slice(1).map((text) => text.split("\t").slice(0, 3).join(" "));
  };
  assert.deepEqual((await cells()).sort(), ["3 等级 甲", "4 等级 甲", "5 所在地区 火星", "6 客户全称 —"]);

  await page.getByLabel("「甲」实际是").click();
  await page.getByTitle("A 级", { exact: true }).click();
  await page.getByRole("button", { name: "再检查一次" }).click();
  await page.getByLabel("「甲」实际是").waitFor({ state: "hidden" });
  await page.getByRole("heading", { name: "出错的单元格" }).waitFor();
  assert.deepEqual((await cells()).sort(), ["5 所在地区 火星", "6 客户全称 —"]);
  await page.getByLabel("跳过出错的 2 行").click();
  await page.getByRole("button", { name: "导入其余 3 条" }).click();
  await page.getByRole("heading", { name: "导入完成" }).waitFor();
  await page.getByText("2 行有错，没有导入。").waitFor();
  await isAccessible(page);
  const made = (await call(house, "GET", "/customers?sort=name")).rows;
  assert.deepEqual(made.map((row) => row.level), ["A", "A", "A"]);
  assert.ok(made.some((row) => row.description === "年底再约"));

  const small = await pageFor(house, { screen: phone, language: "en", dark: true });
  await signIn(house, small);
  await small.goto(page.url());
  await small.getByRole("heading", { name: "Imported" }).waitFor();
  await fits(small);
  await isAccessible(small);
  await small.getByRole("button", { name: "Take this import back" }).tap();
  await small.getByRole("heading", { name: "Taken back" }).waitFor();
  assert.equal((await call(house, "GET", "/customers")).total.count, 0);
  for (const one of [page, small]) {
    one.settle();
    await one.context().close();
  }
});
