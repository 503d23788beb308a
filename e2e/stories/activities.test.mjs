import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let kinds;
let customer;
before(async () => {
  house = await open();
  await setUp(house);
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司", level: "A" });
  kinds = Object.fromEntries((await call(house, "GET", "/activity_kinds?page_size=50")).rows.map((kind) => [kind.code, kind]));
});
after(() => house?.close());

const minute_ms = 60_000;
const inMinutes = (minutes) => new Date(Date.now() + minutes * minute_ms).toISOString();

/** A visit that was to happen a moment ago. */
const plan = (values = {}) =>
  call(house, "POST", "/activities", {
    kind_id: kinds.presentation.id,
    customer_id: customer.id,
    planned_start_at: inMinutes(-30),
    planned_end_at: inMinutes(-5),
    purpose: "讲清楚交付周期",
    ...values,
  });

/** Activities whose subject has these words. */
const found = (words) =>
  call(house, "GET", `/activities?filter=${encodeURIComponent(JSON.stringify({ field: "subject", op: "contains", value: words }))}`);

/** Taps count only here, so that a story can say how many it took. */
function tapper() {
  const taps = { count: 0 };
  taps.on = async (what) => {
    taps.count += 1;
    await what.tap();
  };
  return taps;
}

test("a visit is logged on a phone in at most six taps and one text", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/`);
  const taps = tapper();
  await taps.on(page.getByRole("navigation").getByRole("button", { name: "快速新建" }));
  await taps.on(page.getByRole("menuitem", { name: "记拜访" }));
  const form = page.getByRole("dialog");
  await taps.on(form.getByText("苏州恒力精密有限公司", { exact: true }));
  await taps.on(form.getByText("有效", { exact: true }));
  await isAccessible(page);
  await fits(page);
  await taps.on(form.getByLabel("结果记录"));
  await page.keyboard.type("见到设备部王主任，对产线改造感兴趣");
  await taps.on(form.getByRole("button", { name: "保存" }));
  await form.waitFor({ state: "hidden" });
  assert.ok(taps.count <= 6, `${taps.count} taps`);
  const { rows } = await found("初访");
  assert.equal(rows[0].state, "done");
  assert.equal(rows[0].outcome, "effective");
  assert.equal(rows[0].customer_id, customer.id);
  assert.equal(rows[0].result, "见到设备部王主任，对产线改造感兴趣");
  page.settle();
  await page.context().close();
});

test("a plan is finished with its next step in the same breath", async () => {
  const planned = await plan();
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "记一笔" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("有意向", { exact: true }).click();
  await form.getByText("3 天后").click();
  await form.getByText("促成", { exact: true }).click();
  await form.getByLabel("目的").fill("谈付款方式");
  await isAccessible(page);
  await fits(page);
  await form.getByRole("button", { name: "保存，并安排下一步" }).click();
  await form.waitFor({ state: "hidden" });
  const done = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(done.state, "done");
  assert.equal(done.intention_reached, true);
  const filter = encodeURIComponent(JSON.stringify({ field: "follow_up_of_id", op: "in", value: [planned.id] }));
  const [next] = (await call(house, "GET", `/activities?filter=${filter}`)).rows;
  assert.equal(next.purpose, "谈付款方式");
  assert.equal(next.kind_id, kinds.closing.id);
  assert.equal(next.customer_id, customer.id);
  assert.equal((await call(house, "GET", `/customers/${customer.id}`)).funnel_level, "intention");
  page.settle();
  await page.context().close();
});

test("what was typed is still there after the form was closed by mistake", async () => {
  const planned = await plan();
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "记一笔" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("结果记录").fill("只说了一半");
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByRole("button", { name: "记一笔" }).click();
  assert.equal(await form.getByLabel("结果记录").inputValue(), "只说了一半");
  page.settle();
  await page.context().close();
});

test("a check-in keeps the position with its accuracy, and the first one becomes the customer's", async () => {
  const planned = await plan();
  const page = await pageFor(house, { screen: phone });
  await page.context().grantPermissions(["geolocation"]);
  await page.context().setGeolocation({ latitude: 31.3041, longitude: 120.5954, accuracy: 18 });
  await signIn(house, page);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "签到" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("定位精度 18 米").waitFor();
  await isAccessible(page);
  await fits(page);
  // A camera's picture: larger than what is sent.
  const picture = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 4000;
    canvas.height = 3000;
    const context = canvas.getContext("2d");
    for (let i = 0; i < 400; i += 1) {
      context.fillStyle = `hsl(${i * 7} 70% 50%)`;
      context.fillRect((i % 20) * 200, Math.floor(i / 20) * 150, 200, 150);
    }
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
  });
  await dialog.locator("input[type=file]").setInputFiles({
    name: "现场.jpg",
    mimeType: "image/jpeg",
    buffer: Buffer.from(picture, "base64"),
  });
  await dialog.getByRole("img", { name: "现场照片" }).waitFor();
  let files = [];
  for (let attempt = 0; attempt < 50 && files.length === 0; attempt += 1) {
    files = (await call(house, "GET", `/activities/${planned.id}/attachments`)).rows;
    await page.waitForTimeout(100);
  }
  assert.equal(files.length, 1);
  const size = await page.evaluate(async (id) => {
    const picture = await createImageBitmap(await (await fetch(`/api/attachments/${id}?inline=1`)).blob());
    return { width: picture.width, height: picture.height };
  }, files[0].id);
  assert.deepEqual(size, { width: 1600, height: 1200 });
  const kept = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(kept.position, "located");
  assert.equal(kept.accuracy_m, 18);
  const at = await call(house, "GET", `/customers/${customer.id}`);
  assert.ok(Math.abs(at.latitude - 31.3041) < 1e-6);
  page.settle();
  await page.context().close();
});

test("a check-in whose position is refused counts, and is marked so", async () => {
  const planned = await plan();
  const page = await pageFor(house, { screen: phone });
  await page.context().clearPermissions();
  await signIn(house, page);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "签到" }).click();
  await page.getByRole("dialog").getByText("没有授权定位").waitFor();
  const kept = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(kept.position, "refused");
  assert.ok(kept.checked_in_at);
  page.settle();
  await page.context().close();
});

test("a visit is done by its template: typed answers, how far one is, and the answers as a list", async () => {
  const made = await call(house, "POST", "/visit_templates", { name: "促成标准步骤", kind_id: kinds.closing.id });
  await call(house, "PUT", `/visit_templates/${made.id}/steps`, {
    steps: [
      { code: "budget", name: "预算到位了吗", type: "yes_no", is_required: true, guidance: "问财务，不问使用部门。" },
      { code: "mood", name: "客户态度", type: "choice", is_required: true, choices: [{ code: "warm", name: "积极" }, { code: "cold", name: "冷淡" }] },
      { code: "seats", name: "到场人数", type: "number", is_required: true },
      { code: "rival", name: "对手报价", type: "competitor_price", is_required: false },
    ],
  });
  const planned = await plan({ kind_id: kinds.closing.id });
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "记一笔" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: /拜访步骤/ }).click();
  await form.getByText("0/3").waitFor();
  await form.getByText("问财务，不问使用部门。").waitFor();
  await form.getByRole("radiogroup", { name: "预算到位了吗" }).getByText("是").click();
  await form.getByText("积极").click();
  await form.getByText("2/3").waitFor();
  await form.getByLabel("到场人数").fill("5");
  await form.getByText("3/3").waitFor();
  await form.getByLabel("对手报价 竞争对手").fill("红杉自动化");
  await form.getByLabel("对手报价 报价").fill("8.8万");
  await isAccessible(page);
  await fits(page);
  await form.getByText("有效", { exact: true }).click();
  await form.getByRole("button", { name: "保存", exact: true }).click();
  await form.waitFor({ state: "hidden" });
  await page.getByText("红杉自动化").first().waitFor();
  const done = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(done.execution_score, 1);
  const answers = (await call(house, "GET", "/visit_answers")).rows;
  assert.equal(answers.find((answer) => answer.step_code === "rival").price.amount_minor, 8_800_000);
  await page.goto(`${house.base}/visit_answers`);
  await page.getByText("红杉自动化").first().waitFor();
  page.settle();
  await page.context().close();
});

test("a task is a line and Enter, and done with one tap", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/tasks`);
  const line = page.getByLabel("快速添加任务");
  await line.fill("明天 给恒力发报价 !");
  await line.press("Enter");
  await page.getByText("给恒力发报价", { exact: true }).waitFor();
  await isAccessible(page);
  await fits(page);
  const [task] = (await found("给恒力发报价")).rows;
  assert.equal(task.priority, "high");
  await page.getByRole("button", { name: "完成：给恒力发报价" }).click();
  await page.getByText("给恒力发报价", { exact: true }).waitFor({ state: "hidden" });
  assert.equal((await call(house, "GET", `/activities/${task.id}`)).state, "done");
  page.settle();
  await page.context().close();
});

test("a task given to somebody is followed by the one who gave it", async () => {
  const colleague = await call(house, "POST", "/people", { name: "李明", email: "li.ming@haichuan.example" });
  const page = await pageFor(house);
  await signIn(house, page);
  await page.goto(`${house.base}/tasks`);
  await page.getByRole("button", { name: "快速新建" }).click();
  await page.getByRole("menuitem", { name: "任务" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("要做什么").fill("核对恒力的应收");
  await form.getByLabel("谁来做").click();
  await page.getByTitle("李明").click();
  await isAccessible(page);
  await form.getByRole("button", { name: "交给他" }).click();
  await form.waitFor({ state: "hidden" });
  await page.getByText("我交办的").click();
  await page.getByText("核对恒力的应收", { exact: true }).waitFor();
  await page.getByText("交给李明").waitFor();
  const [task] = (await found("核对恒力的应收")).rows;
  assert.equal(task.owner_id, colleague.id);
  await call(house, "POST", `/activities/${task.id}/finish`, {});
  await page.getByText("核对恒力的应收", { exact: true }).waitFor({ state: "hidden" });
  page.settle();
  await page.context().close();
});

test("a customer's timeline offers the visit and shows it once it is logged", async () => {
  await call(house, "PATCH", "/me", { language: "en" });
  const page = await pageFor(house, { language: "en" });
  await signIn(house, page);
  await page.goto(`${house.base}/customers/${customer.id}`);
  await page.getByRole("button", { name: "Log a call" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("Got a date").click();
  await form.getByLabel("Result").fill("They want a demo next week");
  await isAccessible(page);
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "hidden" });
  await page.getByText("They want a demo next week").waitFor();
  await page.getByText("Got a date").waitFor();
  page.settle();
  await page.context().close();
});
