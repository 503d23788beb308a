import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let customer;
let meeting;
let today;
before(async () => {
  house = await open();
  await setUp(house);
  ({ today } = await call(house, "GET", "/meta"));
  customer = await call(house, "POST", "/customers", { name: "北京红圈科技有限公司", level: "A", region: "110108" });
  const kinds = await call(house, "GET", "/activity_kinds?page_size=200");
  meeting = kinds.rows.find((kind) => kind.code === "meeting").id;
});
after(() => house?.close());

const dayAfter = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
/** A Tuesday of some later week, so that nothing of today is in the way. */
const tuesday = (weeks) => {
  const monday = dayAfter(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
  return dayAfter(monday, 7 * weeks + 1);
};
const at = (day, time) => new Date(`${day}T${time}:00+08:00`).toISOString();
const plan = (subject, day, from, until, more = {}) =>
  call(house, "POST", "/activities", {
    subject,
    kind_id: meeting,
    customer_id: customer.id,
    planned_start_at: at(day, from),
    planned_end_at: at(day, until),
    ...more,
  });
const startOf = async (id) => Date.parse((await call(house, "GET", `/activities/${id}`)).planned_start_at);

async function until(isTrue) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("not within five seconds");
}

test("a plan is dragged to another day and time, longer by its lower edge, and moved by keys", async () => {
  const day = tuesday(1);
  const made = await plan("方案讨论", day, "10:00", "11:00");
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/calendar?day=${day}`);
  const block = page.getByRole("button", { name: /方案讨论/ });
  await block.waitFor();
  await isAccessible(page);
  const box = await block.boundingBox();
  const hour = box.height;
  // To Wednesday, an hour later.
  await page.mouse.move(box.x + box.width / 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 1.1, box.y + 10 + hour / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width * 1.5, box.y + 10 + hour, { steps: 4 });
  await page.mouse.up();
  await page.getByText(/「方案讨论」已改到/).waitFor();
  assert.equal(await startOf(made.id), Date.parse(at(dayAfter(day, 1), "11:00")));

  await page.getByTitle(/11:00–12:00 方案讨论/).waitFor();
  const moved = await block.boundingBox();
  await page.mouse.move(moved.x + moved.width / 2, moved.y + moved.height - 3);
  await page.mouse.down();
  await page.mouse.move(moved.x + moved.width / 2, moved.y + moved.height + hour / 2, { steps: 6 });
  await page.mouse.up();
  await page.getByTitle(/11:00–12:30 方案讨论/).waitFor();

  await block.focus();
  for (const key of ["Alt+ArrowUp", "Alt+ArrowUp", "Alt+ArrowLeft", "Enter"]) await page.keyboard.press(key);
  await page.getByTitle(/10:30–12:00 方案讨论/).waitFor();
  // The page shows it at once; the server has it a moment later.
  await until(async () => (await startOf(made.id)) === Date.parse(at(day, "10:30")));
  page.settle();
  await page.context().close();
});

test("of a series, this and the following ones are moved, the earlier stay", async () => {
  const day = tuesday(2);
  await plan("周例会", day, "09:00", "10:00", { repeat: { rrule: "FREQ=WEEKLY;BYDAY=TU;COUNT=4" } });
  const second = dayAfter(day, 7);
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/calendar?day=${second}`);
  const block = page.getByRole("button", { name: /周例会/ });
  await block.waitFor();
  await block.focus();
  for (let step = 0; step < 8; step += 1) await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("这次和以后").click();
  await isAccessible(page);
  await dialog.getByRole("button", { name: "改期" }).click();
  await page.getByText(/「周例会」已改到/).waitFor();
  const filter = JSON.stringify({ field: "subject", op: "eq", value: "周例会" });
  const { rows } = await call(house, "GET", `/activities?sort=planned_start_at&filter=${encodeURIComponent(filter)}`);
  const starts = [at(day, "09:00"), ...[7, 14, 21].map((days) => at(dayAfter(day, days), "11:00"))];
  assert.deepEqual(rows.map((row) => Date.parse(row.planned_start_at)), starts.map(Date.parse));
  page.settle();
  await page.context().close();
});

test("a plan is made with an invitation, repeats by another rule from one day on, and the rest of it is called off", async () => {
  const day = tuesday(5);
  const colleague = await call(house, "POST", "/people", { name: "李明", email: "li.ming@haichuan.example" });
  const first = await plan("月度复盘", day, "16:00", "17:00", { repeat: { rrule: "FREQ=WEEKLY;BYDAY=TU;COUNT=6" } });
  const occurrences = async () => {
    const filter = encodeURIComponent(JSON.stringify({ field: "subject", op: "eq", value: "月度复盘" }));
    const { rows } = await call(house, "GET", `/activities?sort=planned_start_at&filter=${filter}`);
    return Promise.all(rows.map((row) => call(house, "GET", `/activities/${row.id}`)));
  };
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  // All of them: a colleague comes along and is invited.
  await page.goto(`${house.base}/activities/${first.id}`);
  await page.getByRole("button", { name: "编辑" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("我方参与人").click();
  await page.keyboard.type("李明");
  await page.getByTitle("李明").click();
  await page.keyboard.press("Escape");
  await form.getByText("发送邀请", { exact: true }).click();
  await form.getByText("全部", { exact: true }).click();
  await isAccessible(page);
  await fits(page);
  await form.getByRole("button", { name: "保存" }).click();
  // This server has nowhere to send it through, and says so.
  await page.getByText("服务器还没有配置发信，邀请不会发出").waitFor();
  for (const row of await occurrences()) {
    assert.equal(row.invite, true);
    assert.deepEqual(row.participant_ids, [colleague.id]);
  }
  // The third is the first that comes every second week.
  const third = (await occurrences())[2];
  await page.goto(`${house.base}/activities/${third.id}`);
  await page.getByRole("button", { name: "编辑" }).first().click();
  const interval = form.getByLabel("间隔");
  await interval.fill("2");
  await interval.blur();
  await form.getByText("从这一次起生效。").waitFor();
  await form.getByRole("button", { name: "保存" }).click();
  await form.waitFor({ state: "hidden" });
  const from = (days) => Date.parse(at(dayAfter(day, days), "16:00"));
  const starts = (await occurrences()).map((row) => Date.parse(row.planned_start_at));
  assert.deepEqual(starts.slice(0, 4), [0, 7, 14, 28].map(from));
  // From the fourth on, none takes place.
  const fourth = (await occurrences())[3];
  await page.goto(`${house.base}/activities/${fourth.id}`);
  await page.getByRole("button", { name: "取消计划" }).click();
  await form.getByText("行程冲突").click();
  await form.getByText("这次和以后").click();
  await isAccessible(page);
  await fits(page);
  await form.getByRole("button", { name: "取消这项计划" }).click();
  await form.waitFor({ state: "hidden" });
  const states = (await occurrences()).map((row) => row.state);
  assert.deepEqual(new Set(states.slice(0, 3)), new Set(["planned"]));
  assert.deepEqual(new Set(states.slice(3)), new Set(["cancelled"]));
  page.settle();
  await page.context().close();
});

test("a click on free time plans something then", async () => {
  const day = tuesday(1);
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/calendar?show=day&day=${day}`);
  await page.getByRole("button", { name: /方案讨论/ }).waitFor();
  const column = page.getByRole("list").filter({ has: page.getByRole("button", { name: /方案讨论/ }) }).last();
  const box = await column.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + (box.height * 14.2) / 24);
  await page.getByRole("dialog").getByText("14:00").first().or(page.locator("input[value='14:00']")).first().waitFor();
  page.settle();
  await page.context().close();
});

test("days, weeks, months and the agenda fit a phone, in both languages and in the dark", async () => {
  const day = tuesday(1);
  for (const look of [{ language: "zh-CN" }, { language: "en", dark: true }]) {
    const page = await pageFor(house, { screen: phone, ...look });
    await signIn(house, page);
    for (const show of ["agenda", "day", "week", "month"]) {
      await page.goto(`${house.base}/calendar?show=${show}&day=${day}`);
      await page.getByRole("button", { name: /方案讨论/ }).first().waitFor();
      await fits(page);
      await isAccessible(page);
    }
    page.settle();
    await page.context().close();
  }
});
