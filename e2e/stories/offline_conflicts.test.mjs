import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isReady, nothingIsLeft, photo } from "../device.mjs";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let kinds;
let customer;
let template;
before(async () => {
  house = await open();
  await setUp(house);
  kinds = Object.fromEntries((await call(house, "GET", "/activity_kinds?page_size=50")).rows.map((kind) => [kind.code, kind]));
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司", level: "A" });
  const made = await call(house, "POST", "/visit_templates", { name: "促成标准步骤", kind_id: kinds.closing.id });
  template = await call(house, "PUT", `/visit_templates/${made.id}/steps`, {
    steps: [
      { code: "budget", name: "预算到位了吗", type: "yes_no", is_required: true },
      { code: "seats", name: "到场人数", type: "number", is_required: true },
      { code: "mood", name: "客户态度", type: "choice", is_required: false, choices: [{ code: "warm", name: "积极" }, { code: "cold", name: "冷淡" }] },
    ],
  });
});
after(() => house?.close());

const minute_ms = 60_000;
const inMinutes = (minutes) => new Date(Date.now() + minutes * minute_ms).toISOString();

const plan = () =>
  call(house, "POST", "/activities", {
    kind_id: kinds.closing.id,
    customer_id: customer.id,
    planned_start_at: inMinutes(-30),
    planned_end_at: inMinutes(-5),
  });

const following = async (id) => {
  const filter = encodeURIComponent(JSON.stringify({ field: "follow_up_of_id", op: "in", value: [id] }));
  return (await call(house, "GET", `/activities?filter=${filter}&sort=created_at`)).rows;
};
const filesOf = async (id) => (await call(house, "GET", `/activities/${id}/attachments`)).rows;

/** Logs the plan on a phone without a network: result, answers, a photo and the next step. */
async function logWithoutNetwork(planned) {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await isReady(page, ["activities", "activity_kinds"]);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "记一笔" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: /拜访步骤/ }).waitFor();
  await page.context().setOffline(true);
  await form.getByText("有意向", { exact: true }).click();
  await form.getByLabel("结果记录").fill("总经理当场同意付款方式");
  await form.locator("input[type=file]").first().setInputFiles(await photo(page));
  await form.getByRole("img", { name: "现场照片" }).waitFor();
  await form.getByRole("button", { name: /拜访步骤/ }).click();
  await form.getByLabel("到场人数").fill("5");
  await form.getByText("3 天后").click();
  await form.getByLabel("目的").fill("带合同去签");
  await form.getByRole("button", { name: "保存，并安排下一步" }).click();
  await form.waitFor({ state: "hidden" });
  await page.getByText("2 条待同步").waitFor();
  return page;
}

async function openConflict(page) {
  await page.context().setOffline(false);
  await page.getByText("1 条要您处理").click();
  await page.getByRole("link", { name: "处理冲突" }).click();
}

test("of two devices that finish the same plan the second sees both versions and loses nothing", async () => {
  const planned = await plan();
  const page = await logWithoutNetwork(planned);
  await call(house, "POST", `/activities/${planned.id}/finish`, {
    result: "电话里谈的，还没定",
    outcome: "not_effective",
    competitor: "红杉自动化",
    template_version_id: template.id,
    answers: { budget: true, seats: 2 },
    follow_up: { kind_id: kinds.call.id, planned_start_at: inMinutes(1_440), purpose: "再打一次电话" },
  });
  await openConflict(page);
  await page.getByText("另一台设备已经先完成了这条").waitFor();
  // What stands there now, beside what was written here.
  await page.getByText("电话里谈的，还没定").waitFor();
  await page.getByText("再打一次电话").waitFor();
  await page.getByText("红杉自动化").waitFor();
  await page.getByText("带合同去签").waitFor();
  await page.getByRole("img", { name: "现场.jpg" }).waitFor();
  const answers = page.getByRole("region", { name: "步骤答案" });
  await answers.getByText("预算到位了吗").first().waitFor();
  assert.equal(await page.getByRole("textbox", { name: "结果记录" }).inputValue(), "总经理当场同意付款方式");
  await isAccessible(page);
  await fits(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/conflict.png`, fullPage: true });
  await page.getByRole("button", { name: "提交上面的内容" }).click();
  await nothingIsLeft(page);

  const done = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(done.result, "总经理当场同意付款方式");
  assert.equal(done.intention_reached, true);
  assert.equal(done.competitor, "红杉自动化");
  assert.deepEqual(done.answers, { budget: true, seats: 5 });
  assert.equal(done.steps_done, 2);
  assert.deepEqual((await following(planned.id)).map((next) => next.purpose), ["再打一次电话", "带合同去签"]);
  assert.equal((await filesOf(planned.id)).length, 1);
  page.settle();
  await page.context().close();
});

test("parts of the other version may be chosen one by one, and one's own next step left out", async () => {
  const planned = await plan();
  const page = await logWithoutNetwork(planned);
  await call(house, "POST", `/activities/${planned.id}/finish`, {
    result: "电话里谈的，还没定",
    outcome: "effective",
    follow_up: { kind_id: kinds.call.id, planned_start_at: inMinutes(1_440), purpose: "再打一次电话" },
  });
  await openConflict(page);
  for (const name of ["结果记录", "下一步"]) {
    await page.getByRole("region", { name, exact: true }).getByText("现在的", { exact: true }).first().click();
  }
  await page.getByRole("button", { name: "提交上面的内容" }).click();
  await nothingIsLeft(page);
  const done = await call(house, "GET", `/activities/${planned.id}`);
  assert.equal(done.result, "电话里谈的，还没定");
  assert.equal(done.intention_reached, true);
  assert.deepEqual(done.answers, { seats: 5 });
  assert.deepEqual((await following(planned.id)).map((next) => next.purpose), ["再打一次电话"]);
  page.settle();
  await page.context().close();
});

test("a visit whose plan was called off meanwhile becomes a record of its own, with its photo and next step", async () => {
  const planned = await plan();
  const page = await logWithoutNetwork(planned);
  await call(house, "POST", `/activities/${planned.id}/cancel`, { reason: "客户改期" });
  await openConflict(page);
  await page.getByText("这条计划已被取消或删除").waitFor();
  await page.getByText("客户改期").waitFor();
  await isAccessible(page);
  await fits(page);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/anew.png`, fullPage: true });
  await page.getByRole("button", { name: "另存为新记录" }).click();
  await nothingIsLeft(page);

  const filter = encodeURIComponent(JSON.stringify({ field: "result", op: "contains", value: "当场同意" }));
  const deeds = (await call(house, "GET", `/activities?filter=${filter}&sort=-created_at`)).rows;
  assert.equal(deeds[0].customer_id, customer.id);
  assert.equal(deeds[0].state, "done");
  assert.deepEqual((await following(deeds[0].id)).map((next) => next.purpose), ["带合同去签"]);
  assert.equal((await filesOf(deeds[0].id)).length, 1);
  assert.equal((await call(house, "GET", `/activities/${planned.id}`)).state, "cancelled");
  page.settle();
  await page.context().close();
});

test("what comes too late can only be dropped, and dropping can be taken back", async () => {
  const planned = await plan();
  const page = await pageFor(house);
  await signIn(house, page);
  await isReady(page, ["activities"]);
  await page.goto(`${house.base}/activities/${planned.id}`);
  await page.getByRole("button", { name: "取消计划" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("取消原因").last().fill("客户出差");
  await page.context().setOffline(true);
  await dialog.getByRole("button", { name: "取消这项计划" }).click();
  await page.getByText("1 条待同步").waitFor();
  await call(house, "POST", `/activities/${planned.id}/finish`, { result: "同事代访" });
  await openConflict(page);
  await page.getByText("这一步来晚了").waitFor();
  await page.getByText("客户出差").waitFor();
  await page.getByText("同事代访").waitFor();
  await isAccessible(page);
  assert.equal(await page.getByRole("button", { name: "提交上面的内容" }).count(), 0);
  await page.getByRole("button", { name: "保留现在的" }).click();
  await page.getByRole("button", { name: "撤销" }).click();
  await page.getByRole("link", { name: "处理冲突" }).click();
  await page.getByRole("button", { name: "保留现在的" }).click();
  await nothingIsLeft(page);
  assert.equal((await call(house, "GET", `/activities/${planned.id}`)).state, "done");
  page.settle();
  await page.context().close();
});
