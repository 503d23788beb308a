import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, fits, isAccessible, open, pageFor, pageOfDevice, phone, setUp, signIn } from "../house.mjs";
import { isReady, kept, nothingIsLeft, photo, picturesOf, until } from "../device.mjs";

let house;
let customer;
let device;
before(async () => {
  house = await open();
  await setUp(house);
  device = mkdtempSync(join(tmpdir(), "chengdan-device-"));
  customer = await call(house, "POST", "/customers", { name: "北京红圈科技有限公司", level: "A", region: "110108" });
  await call(house, "POST", "/contacts", { name: "王主任", customer_id: customer.id });
});
after(async () => {
  await house?.close();
  if (device) rmSync(device, { recursive: true, force: true });
});

test("own customers and their contacts open without a network, also after the browser was closed, until sign-out", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await isReady(page, ["customers", "contacts"]);
  await page.context().setOffline(true);
  await page.goto(`${house.base}/customers`);
  await page.getByText("离线").waitFor();
  await page.getByText("北京红圈科技有限公司").first().click();
  await page.getByRole("heading", { name: "北京红圈科技有限公司" }).waitFor();
  await page.getByRole("tab", { name: "相关" }).click();
  await page.getByText("王主任").waitFor();
  await fits(page);
  await isAccessible(page);
  await page.goto(`${house.base}/waiting`);
  await page.getByText("都已同步").waitFor();
  await fits(page);
  await isAccessible(page);

  await page.context().setOffline(false);
  await page.goto(`${house.base}/me`);
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.waitForURL(/sign-in/);
  await page.context().setOffline(true);
  await page.goto(`${house.base}/customers`);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByText("北京红圈科技有限公司").count(), 0);
  page.settle();
  await page.context().close();
});

/** A meeting of tomorrow, and the page of the calendar that shows it. */
async function meeting(subject, time) {
  const { today } = await call(house, "GET", "/meta");
  const kinds = await call(house, "GET", "/activity_kinds?page_size=200");
  const day = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const start = Date.parse(`${day}T${time}:00+08:00`);
  const row = await call(house, "POST", "/activities", {
    subject,
    kind_id: kinds.rows.find((kind) => kind.code === "meeting").id,
    planned_start_at: new Date(start).toISOString(),
    planned_end_at: new Date(start + 3_600_000).toISOString(),
  });
  return { row, start, path: `/calendar?show=day&day=${day}` };
}

const startOf = async (id) => Date.parse((await call(house, "GET", `/activities/${id}`)).planned_start_at);
const timesMoved = async (id) =>
  (await call(house, "GET", `/activities/${id}/history`)).rows.filter((entry) =>
    entry.changes.some((change) => change.field === "planned_start_at" && change.before),
  ).length;

/** An hour later, by keys. */
async function anHourLater(page, subject) {
  await page.getByRole("button", { name: new RegExp(subject) }).focus();
  for (const key of [...Array(4).fill("Alt+ArrowDown"), "Enter"]) await page.keyboard.press(key);
}

test("what is done without a network survives the browser, an ended session and a restart, and arrives once", async () => {
  const { row, start, path } = await meeting("方案讨论", "10:00");
  let page = await pageOfDevice(device);
  await signIn(house, page);
  await isReady(page, ["customers", "activity_kinds"]);
  await page.goto(house.base + path);
  await page.getByRole("button", { name: /方案讨论/ }).waitFor();
  await page.context().setOffline(true);
  await anHourLater(page, "方案讨论");
  await page.getByText("1 条待同步").waitFor();
  await page.getByRole("button", { name: "快速新建" }).click();
  await page.getByRole("menuitem", { name: "记拜访" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("北京红圈科技有限公司", { exact: true }).click();
  await form.getByLabel("结果记录").fill("门卫处见到王主任");
  await form.locator("input[type=file]").first().setInputFiles(await photo(page));
  await form.getByRole("img", { name: "现场照片" }).waitFor();
  await form.getByRole("button", { name: "保存" }).click();
  await page.getByText("3 条待同步").waitFor();
  page.settle();
  await page.context().close();

  await house.stop("SIGKILL");
  await house.start();
  // Everybody's sessions end meanwhile, on all devices but this story's own.
  const sessions = await call(house, "GET", "/sessions");
  for (const session of sessions.rows.filter((one) => !one.current)) await call(house, "DELETE", `/sessions/${session.id}`);

  page = await pageOfDevice(device);
  await page.goto(house.base + path);
  await page.waitForURL(/sign-in/);
  assert.equal(await startOf(row.id), start);
  await signIn(house, page);
  await until("the server has it", async () => (await startOf(row.id)) === start + 3_600_000);
  await nothingIsLeft(page);
  assert.equal(await timesMoved(row.id), 1);
  const filter = encodeURIComponent(JSON.stringify({ field: "result", op: "contains", value: "门卫处" }));
  const { rows } = await call(house, "GET", `/activities?filter=${filter}`);
  assert.equal(rows.length, 1);
  assert.deepEqual(await picturesOf(page, rows[0].id), [{ name: "现场.jpg", width: 1600, height: 1200 }]);
  page.settle();
  await page.context().close();
});

test("an answer that is lost on its way is asked for again and done once", async () => {
  const { row, start, path } = await meeting("报价讨论", "14:00");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(house.base + path);
  let lost = 0;
  await page.route(/\/move$/, async (route) => {
    lost += 1;
    if (lost > 1) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  await anHourLater(page, "报价讨论");
  await until("it was sent twice", async () => lost === 2);
  await nothingIsLeft(page);
  assert.equal(await startOf(row.id), start + 3_600_000);
  assert.equal(await timesMoved(row.id), 1);
  page.settle();
  await page.context().close();
});

test("when somebody else was faster, both versions are shown and the person's choice counts", async () => {
  const { row, start, path } = await meeting("合同讨论", "16:00");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(house.base + path);
  await page.getByRole("button", { name: /合同讨论/ }).waitFor();
  await page.context().setOffline(true);
  await anHourLater(page, "合同讨论");
  await page.getByText("1 条待同步").waitFor();
  const other = new Date(start - 7_200_000).toISOString();
  await call(house, "PATCH", `/activities/${row.id}`, { planned_start_at: other }, { "if-match": `"${row.version}"` });
  await page.context().setOffline(false);
  await page.getByText("1 条要您处理").click();
  await page.getByText("有冲突").waitFor();
  await isAccessible(page);
  await page.getByRole("link", { name: "处理冲突" }).click();
  await page.getByText("您离线期间，别人已改过这条记录").waitFor();
  await isAccessible(page);
  assert.equal(Date.parse(other), await startOf(row.id));
  await page.getByRole("button", { name: "提交上面的内容" }).click();
  await until("the person's own version counts", async () => (await startOf(row.id)) === start + 3_600_000);
  page.settle();
  await page.context().close();
});
