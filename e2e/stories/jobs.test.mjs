import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { administrator, call, colleague, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
});
after(() => house?.close());

test("what the server does in the background is listed with its state, in both languages and on a phone", async () => {
  const file = join(house.data, "客户.csv");
  writeFileSync(file, "公司名称\n宁波甬江电气有限公司\n");
  for (const [look, state] of [[{}, "完成"], [{ language: "en", dark: true, screen: phone }, "Done"]]) {
    const page = await pageFor(house, look);
    await signIn(house, page);
    if (!look.language) {
      await page.goto(`${house.base}/imports`);
      await page.locator("input[type=file]").setInputFiles(file);
      await page.waitForURL(/imports\/[0-9a-f-]+/);
      await page.getByRole("button", { name: "试运行" }).click();
      await page.getByText("没有发现错误，可以导入。").waitFor();
      await page.getByRole("button", { name: "导入 1 条" }).click();
      await page.getByRole("heading", { name: "导入完成" }).waitFor();
    }
    await page.goto(`${house.base}/settings/jobs`);
    const row = page.getByRole("row", { name: new RegExp(administrator.name) }).first();
    await row.getByText(state, { exact: true }).waitFor();
    await fits(page);
    await isAccessible(page);
    page.settle();
    await page.context().close();
  }
});

test("whoever may not configure has no page of jobs", async () => {
  const li = await colleague(house, { name: "李明", email: "li.ming@haichuan.example", role: "salesperson" });
  const page = await pageFor(house);
  await signIn(house, page, li);
  await page.goto(`${house.base}/settings`);
  await page.getByRole("heading").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "后台任务" }).count(), 0);
  page.settle();
  await page.context().close();
});
