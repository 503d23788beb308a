import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, desktop, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let kinds;
let customer;
let colleague;
before(async () => {
  house = await open();
  await setUp(house);
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司", level: "A" });
  kinds = Object.fromEntries((await call(house, "GET", "/activity_kinds?page_size=50")).rows.map((kind) => [kind.code, kind]));
  // Whoever has somebody who reports to them sees the team as well.
  const me = await call(house, "GET", "/session");
  colleague = await call(house, "POST", "/people", { name: "李明", email: "li.ming@haichuan.example", supervisor_id: me.person.id });
});
after(() => house?.close());

const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

test("the day opens with the plan, its tasks and its promises, in both languages and in the dark", async () => {
  await call(house, "POST", "/activities", {
    kind_id: kinds.first.id,
    customer_id: customer.id,
    planned_start_at: at(-1),
    planned_end_at: at(1),
    purpose: "摸清采购流程",
  });
  await call(house, "POST", "/activities", { kind_id: kinds.task.id, subject: "给恒力发报价", due_on: (await call(house, "GET", "/meta")).today });
  for (const look of [{ screen: phone }, { screen: phone, language: "en", dark: true }, { screen: desktop }]) {
    await call(house, "PATCH", "/me", { language: look.language ?? "zh-CN" });
    const page = await pageFor(house, look);
    await signIn(house, page);
    await page.waitForURL(`${house.base}/today`);
    await page.getByText(look.language === "en" ? "Mine" : "我的", { exact: true }).click();
    await page.getByText("苏州恒力精密有限公司").first().waitFor();
    await page.getByText("摸清采购流程").waitFor();
    await page.getByText("给恒力发报价").waitFor();
    await isAccessible(page);
    await fits(page);
    page.settle();
    await page.context().close();
  }
});

test("a supervisor sees who has no plan, and each deed as it is logged", async () => {
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/today`);
  await page.getByRole("main").getByText("团队", { exact: true }).first().click();
  await page.getByRole("rowheader", { name: "李明" }).waitFor();
  await isAccessible(page);
  // Nobody needs a plan for a day off.
  const { today } = await call(house, "GET", "/meta");
  const working = [];
  for (let ahead = 1; ahead < 15; ahead += 1) {
    const day = new Date(Date.parse(`${today}T00:00:00Z`) + ahead * 86_400_000).toISOString().slice(0, 10);
    if ((await call(house, "GET", `/today/team?day=${day}`)).is_working_day) working.push(day);
  }
  await page.goto(`${house.base}/today?day=${working[0]}`);
  await page.getByText("无计划", { exact: true }).first().waitFor();
  await isAccessible(page);
  await page.goto(`${house.base}/today`);
  await page.getByRole("rowheader", { name: "李明" }).waitFor();
  await page.waitForTimeout(500);
  await call(house, "POST", "/activities", {
    kind_id: kinds.closing.id,
    customer_id: customer.id,
    owner_id: colleague.id,
    state: "done",
    outcome: "effective",
    result: "谈妥了付款方式",
  });
  await page.getByText("谈妥了付款方式").waitFor({ timeout: 8_000 });
  page.settle();
  await page.context().close();
});

test("a suggestion that is put aside is gone for a while, and can be taken back at once", async () => {
  await call(house, "PATCH", "/me", { language: "zh-CN" });
  const suggested = async () => (await call(house, "GET", "/today")).suggestions.map((entry) => entry.rule);
  assert.ok((await suggested()).includes("no_plan_tomorrow"));
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/today`);
  await page.getByText("我的", { exact: true }).click();
  const line = page.locator("#suggestions li").filter({ hasText: "还没有安排" });
  await line.getByRole("button", { name: "暂不" }).click();
  await page.getByText("一周内不再提示。").waitFor();
  await isAccessible(page);
  await fits(page);
  assert.ok(!(await suggested()).includes("no_plan_tomorrow"));
  await page.getByRole("button", { name: "撤销" }).click();
  await line.getByRole("button", { name: "暂不" }).waitFor();
  assert.ok((await suggested()).includes("no_plan_tomorrow"));
  page.settle();
  await page.context().close();
});

test("the start page needs no charts and is usable soon on a slow phone", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.getByText("我的", { exact: true }).click();
  await page.getByText("苏州恒力精密有限公司").first().waitFor();
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${house.base}/today`);
  await page.getByRole("button", { name: /记一笔|签到/ }).first().waitFor();
  assert.deepEqual(asked.filter((path) => /chart/i.test(path)), []);
  page.settle();
  await page.context().close();
});

test("the start page asks each question once, ahead of its code, and nothing on it moves while it comes in", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.getByText("我的", { exact: true }).click();
  await page.getByText("苏州恒力精密有限公司").first().waitFor();
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(() => {
    globalThis.moved = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) globalThis.moved += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const asked = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname + search);
  });
  await page.goto(`${house.base}/today`);
  await page.getByRole("button", { name: /记一笔|签到/ }).first().waitFor();
  assert.deepEqual(asked.filter((address, index) => asked.indexOf(address) !== index), []);
  const moved = await page.evaluate(() => globalThis.moved);
  assert.ok(moved < 0.05, `parts of the page moved: ${moved}`);
  page.settle();
  await page.context().close();
});
