import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, colleague, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let li;
before(async () => {
  house = await open();
  await setUp(house);
  li = await colleague(house, { name: "李明", email: "li.ming@haichuan.example", role: "supervisor" });
  const kinds = (await call(house, "GET", "/activity_kinds?page_size=50")).rows;
  const first = kinds.find((kind) => kind.code === "first");
  for (const [name, visits] of [["海川机电", 2], ["华信自动化", 1]]) {
    const customer = await call(house, "POST", "/customers", { name, owner_id: li.id, class: "ordinary" });
    for (let visit = 0; visit < visits; visit += 1) {
      const body = { kind_id: first.id, customer_id: customer.id, owner_id: li.id, state: "done", outcome: "effective" };
      await call(house, "POST", "/activities", body);
    }
  }
});
after(() => house?.close());

const tile = (page, name) => page.getByRole("region", { name, exact: true });
const drawer = (page) => page.getByRole("dialog");

test("a supervisor sees the team, opens a figure down to its records, and comes back", async () => {
  const page = await pageFor(house);
  await signIn(house, page, li);
  await page.goto(`${house.base}/dashboard`);
  await tile(page, "拜访次数").getByRole("button", { name: "拜访次数 3", exact: true }).click();
  await drawer(page).getByText("已完成的拜访：初访、说明、促成等。").waitFor();
  await drawer(page).getByRole("link", { name: "海川机电" }).or(drawer(page).getByText("海川机电")).first().waitFor();
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await drawer(page).waitFor({ state: "hidden" });

  // A formula tells what went in; each of these opens in turn.
  await tile(page, "有效活动率").getByRole("button", { name: "有效活动率 100%" }).click();
  await drawer(page).getByText("有效客户数 ÷ 拜访客户数。").waitFor();
  await drawer(page).getByRole("button", { name: /拜访客户数/ }).click();
  await drawer(page).getByText("期间内至少有一次拜访或回访的不同客户数。").waitFor();
  await drawer(page).getByRole("link", { name: "海川机电" }).first().waitFor();
  await drawer(page).getByRole("button", { name: "返回" }).click();
  await drawer(page).getByText("有效客户数 ÷ 拜访客户数。").waitFor();
  await page.keyboard.press("Escape");
  await drawer(page).waitFor({ state: "hidden" });

  // What nobody can work out is a dash, and not 0.
  await tile(page, "赢单率").getByRole("button", { name: "赢单率 —" }).waitFor();
  // From the leaderboard to the person, and back by the way.
  await tile(page, "拜访次数 · 按人员").getByRole("button", { name: "李明", exact: true }).click();
  const way = page.getByRole("navigation", { name: "范围" });
  await way.getByText("李明").waitFor();
  assert.match(page.url(), /person=/);
  await way.getByRole("button", { name: "全部" }).click();
  assert.doesNotMatch(page.url(), /person=/);
  // A month ago there was nothing.
  await page.getByRole("button", { name: "上一期" }).click();
  await tile(page, "拜访次数").getByRole("button", { name: "拜访次数 0" }).waitFor();
  await fits(page);
  await isAccessible(page);
  page.settle();
  await page.context().close();
});

test("a dashboard of one's own is arranged by the keyboard, shared with everybody, and changed by its owner only", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/dashboard`);
  await tile(page, "新增收入").waitFor();
  await page.getByRole("button", { name: "编辑" }).click();
  const titles = () => page.getByRole("list").getByRole("region").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  await page.getByRole("button", { name: "移动：新增收入", exact: true }).waitFor();
  const before = await titles();
  await page.getByRole("button", { name: "移动：新增收入", exact: true }).focus();
  await page.keyboard.press("Space");
  await page.waitForTimeout(300);
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(300);
  await page.keyboard.press("Space");
  await page.waitForTimeout(300);
  const moved = await titles();
  assert.deepEqual(moved.slice(0, 2), [before[1], before[0]]);

  await page.getByRole("button", { name: "添加图块" }).click();
  const form = drawer(page);
  await form.getByText("排行榜", { exact: true }).click();
  await form.getByRole("button", { name: "添加" }).click();
  await form.getByText("请选择指标").waitFor();
  await form.getByLabel("指标").click();
  await page.keyboard.type("电话");
  await page.keyboard.press("Enter");
  await form.getByText("已完成的电话。").first().waitFor();
  await isAccessible(page);
  await form.getByRole("button", { name: "添加" }).click();
  await tile(page, "电话次数 · 按人员").waitFor();
  // What is not saved yet outlives a reload.
  await page.reload();
  await page.getByRole("button", { name: "编辑" }).click();
  await tile(page, "电话次数 · 按人员").waitFor();
  await page.getByRole("button", { name: "另存为" }).click();
  const naming = page.getByRole("dialog");
  await naming.getByLabel("名称").fill("周会");
  await naming.getByText("所有人", { exact: true }).click();
  await naming.getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: "编辑" }).waitFor();
  const { rows } = await call(house, "GET", "/dashboards");
  const kept = rows.find((row) => row.name === "周会");
  assert.equal(kept.shared, "all");
  assert.deepEqual(kept.tiles.at(-1), { kind: "leaderboard", metrics: ["calls"], size: "small" });
  await isAccessible(page);

  // A figure goes out as a file, and the tile as a picture.
  await tile(page, "电话次数 · 按人员").getByRole("button", { name: "电话次数 · 按人员：导出" }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "导出 Excel" }).click()]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);
  await tile(page, "电话次数 · 按人员").getByRole("button", { name: "电话次数 · 按人员：导出" }).click();
  const [picture] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "保存图片" }).click()]);
  assert.equal(picture.suggestedFilename(), "电话次数 · 按人员.png");

  // Presenting shows it alone, and the arrows go on to the next.
  await page.getByRole("button", { name: "演示" }).click();
  await page.getByText("周会", { exact: true }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByText("经营总览", { exact: true }).waitFor();
  await page.getByRole("button", { name: "结束演示" }).click();
  await page.getByRole("button", { name: "编辑" }).waitFor();
  page.settle();
  await page.context().close();

  const other = await pageFor(house);
  await signIn(house, other, li);
  await other.goto(`${house.base}/dashboard?d=${kept.id}`);
  await tile(other, "电话次数 · 按人员").waitFor();
  await other.getByRole("button", { name: "编辑" }).click();
  await other.getByText("“周会”本身不会改变，改动另存为您的仪表盘。").waitFor();
  other.settle();
  await other.context().close();
});

test("each ready dashboard fits a phone in the dark and is accessible, in English", async () => {
  const page = await pageFor(house, { screen: phone, language: "en", dark: true });
  await signIn(house, page);
  const { rows } = await call(house, "GET", "/dashboards");
  for (const { id } of rows) {
    await page.goto(`${house.base}/dashboard?d=${id}`);
    await page.getByRole("region").first().waitFor();
    await page.waitForTimeout(1_500);
    await fits(page);
    await isAccessible(page);
  }
  page.settle();
  await page.context().close();
});
