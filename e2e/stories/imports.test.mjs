import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { call, isAccessible, open, pageFor, setUp, signIn } from "../house.mjs";

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
