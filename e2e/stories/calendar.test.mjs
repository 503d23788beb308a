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
