import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, colleague, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let li;
before(async () => {
  house = await open();
  await setUp(house);
  li = await colleague(house, { name: "李明", email: "li.ming@haichuan.example", role: "director" });
  for (const [name, level] of [["北京红圈科技有限公司", "A"], ["上海海纳机电股份有限公司", "B"], ["杭州云栖自动化有限公司", "A"]]) {
    await call(house, "POST", "/customers", { name, level, owner_id: li.id });
  }
});
after(() => house?.close());

const tabs = (page) => page.getByRole("navigation", { name: "视图" });
const link = (page, name) => page.getByRole("link", { name });

/** Keeps customers of level A in the filter that stands open. */
async function levelA(page) {
  await page.getByRole("button", { name: "筛选" }).click();
  const builder = page.getByRole("region", { name: "筛选" });
  await builder.getByLabel("字段").click();
  await page.keyboard.type("等级");
  await page.keyboard.press("Enter");
  await builder.getByLabel("值").click();
  await page.keyboard.type("A");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  return builder;
}

async function keepAs(page, name, who) {
  await page.getByRole("button", { name: /^(视图|有改动)/ }).click();
  await page.getByRole("menuitem", { name: "另存为视图" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.getByText("请给视图起个名字").waitFor();
  await dialog.getByLabel("视图名称").fill(name);
  if (who) await dialog.getByText(who, { exact: true }).click();
  await isAccessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.waitFor({ state: "hidden" });
}

test("a filtered list is kept as a view of one's own, changed, and taken away", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/customers?view=everything`);
  await link(page, "上海海纳机电股份有限公司").waitFor();
  await levelA(page);
  await link(page, "上海海纳机电股份有限公司").waitFor({ state: "hidden" });
  await isAccessible(page);
  await keepAs(page, "重点客户");
  await tabs(page).getByRole("button", { name: "重点客户" }).waitFor();
  await page.reload();
  await link(page, "北京红圈科技有限公司").waitFor();
  assert.equal(await link(page, "上海海纳机电股份有限公司").count(), 0);
  assert.equal(await tabs(page).getByRole("button", { name: "重点客户" }).getAttribute("aria-current"), "page");
  const [kept] = (await call(house, "GET", "/views?resource=customers")).rows;
  assert.deepEqual([kept.name, kept.shared], ["重点客户", "me"]);

  // A sort of one's own marks the view as changed until it is kept.
  await page.getByRole("columnheader", { name: "客户名称" }).getByRole("button").first().click();
  await page.getByRole("button", { name: /^有改动/ }).click();
  await page.getByRole("menuitem", { name: "更新此视图" }).click();
  await page.getByRole("button", { name: /^有改动/ }).waitFor({ state: "hidden" });
  assert.match((await call(house, "GET", "/views?resource=customers")).rows[0].sort, /name/);

  await page.getByRole("button", { name: /^视图/ }).click();
  await page.getByRole("menuitem", { name: "删除此视图" }).click();
  await tabs(page).getByRole("button", { name: "重点客户" }).waitFor({ state: "hidden" });
  await link(page, "上海海纳机电股份有限公司").waitFor();
  page.settle();
  await page.context().close();
});

test("a view shared with everybody is a colleague's tab too, marked as shared, and not theirs to change", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/customers?view=everything`);
  await levelA(page);
  await keepAs(page, "公司重点", "所有人");
  await page.goto(`${house.base}/customers?view=everything`);
  await levelA(page);
  await keepAs(page, "只给自己看");
  page.settle();
  await page.context().close();

  for (const look of [{ language: "zh-CN" }, { language: "en", screen: phone, dark: true }]) {
    const theirs = await pageFor(house, look);
    await signIn(house, theirs, li);
    await theirs.goto(`${house.base}/customers`);
    const tab = theirs.getByRole("button", { name: /公司重点/ });
    await tab.waitFor();
    assert.equal(await theirs.getByRole("button", { name: "只给自己看" }).count(), 0);
    await tab.click();
    await theirs.getByText("北京红圈科技有限公司").first().waitFor();
    await theirs.getByText("上海海纳机电股份有限公司").waitFor({ state: "hidden" });
    await fits(theirs);
    await isAccessible(theirs);
    await theirs.getByRole("button", { name: /^(视图|View)/ }).click();
    await theirs.getByRole("menuitem").first().waitFor();
    assert.equal(await theirs.getByRole("menuitem", { name: /删除此视图|Delete/ }).count(), 0);
    theirs.settle();
    await theirs.context().close();
  }
});

test("the standard views are there for whoever comes new, and lead to different records", async () => {
  const page = await pageFor(house);
  await signIn(house, page, li);
  await page.goto(`${house.base}/opportunities?show=list`);
  for (const name of ["我的进行中", "进行中", "没有下一步", "本月预计成交", "本月赢单", "本月输单", "全部"]) {
    await tabs(page).getByRole("button", { name, exact: true }).click();
    await page.locator('button[aria-current="page"]').getByText(name, { exact: true }).waitFor();
  }
  page.settle();
  await page.context().close();
});
