// The network is cut in the middle of each kind of write that may be done on the road: nothing is lost, nothing done twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cable } from "../cable.mjs";
import { nothingIsLeft, photo, until } from "../device.mjs";
import { call, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let kinds;
let customer;
before(async () => {
  house = await open();
  await setUp(house);
  kinds = Object.fromEntries((await call(house, "GET", "/activity_kinds?page_size=50")).rows.map((kind) => [kind.code, kind]));
  customer = await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司", level: "A" });
});
after(() => house?.close());

const inMinutes = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
const get = (id) => call(house, "GET", `/activities/${id}`);
const files = async (resource, id) => (await call(house, "GET", `/${resource}/${id}/attachments`)).rows.map(({ name }) => name);
const found = async (field, value) => {
  const filter = encodeURIComponent(JSON.stringify({ field, op: "contains", value }));
  return (await call(house, "GET", `/activities?filter=${filter}`)).rows;
};
const plan = (values = {}) =>
  call(house, "POST", "/activities", {
    kind_id: kinds.presentation.id,
    customer_id: customer.id,
    planned_start_at: inMinutes(-40),
    planned_end_at: inMinutes(-10),
    ...values,
  });
const task = async (subject, values = {}) =>
  call(house, "POST", "/activities", {
    kind_id: kinds.task.id,
    subject,
    due_on: (await call(house, "GET", "/meta")).today,
    ...values,
  });
/** How often the ledger says that this was done to the record. */
const times = async (id, field) =>
  (await call(house, "GET", `/activities/${id}/history`)).rows.filter((entry) =>
    entry.changes.some((change) => change.field === field && change.before),
  ).length;

/** Each: what stands there, how a person does it, which request the cut meets, and what must be true once. */
const writes = {
  "a plan": {
    path: "/",
    async act({ page, name }) {
      await page.getByRole("navigation").getByRole("button", { name: "快速新建" }).click();
      await page.getByRole("menuitem", { name: "安排活动" }).click();
      const form = page.getByRole("dialog");
      await form.getByText("苏州恒力精密有限公司", { exact: true }).click();
      await form.getByLabel("目的").fill(name);
      await form.getByRole("button", { name: "安排", exact: true }).click();
      await form.waitFor({ state: "hidden" });
    },
    check: async ({ name }) => assert.deepEqual((await found("purpose", name)).map(({ state }) => state), ["planned"]),
  },
  "a visit that was never planned, with a photo": {
    path: "/",
    async act({ page, name }) {
      await page.getByRole("navigation").getByRole("button", { name: "快速新建" }).click();
      await page.getByRole("menuitem", { name: "记拜访" }).click();
      const form = page.getByRole("dialog");
      await form.getByText("苏州恒力精密有限公司", { exact: true }).click();
      await form.getByText("有效", { exact: true }).click();
      await form.getByLabel("结果记录").fill(name);
      await form.locator("input[type=file]").first().setInputFiles(await photo(page));
      await form.getByRole("img", { name: "现场照片" }).waitFor();
      await form.getByRole("button", { name: "保存" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ name }) {
      const rows = await found("result", name);
      assert.deepEqual(rows.map(({ state }) => state), ["done"]);
      assert.deepEqual(await files("activities", rows[0].id), ["现场.jpg"]);
    },
  },
  "the photo of a visit": {
    given: () => plan(),
    hits: "/attachments",
    async act({ page, name }) {
      await page.getByRole("button", { name: "记一笔" }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("结果记录").fill(name);
      await form.locator("input[type=file]").first().setInputFiles(await photo(page));
      await form.getByRole("img", { name: "现场照片" }).waitFor();
      await form.getByRole("button", { name: "保存" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ row, name }) {
      assert.equal((await get(row.id)).result, name);
      assert.deepEqual(await files("activities", row.id), ["现场.jpg"]);
    },
  },
  "a plan that is finished, with its next step": {
    given: () => plan(),
    hits: "/finish",
    async act({ page, name }) {
      await page.getByRole("button", { name: "记一笔" }).click();
      const form = page.getByRole("dialog");
      await form.getByText("有意向", { exact: true }).click();
      await form.getByText("3 天后").click();
      await form.getByLabel("目的").fill(name);
      await form.getByRole("button", { name: "保存，并安排下一步" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ row, name }) {
      assert.equal((await get(row.id)).state, "done");
      assert.equal((await found("purpose", name)).length, 1);
    },
  },
  "a plan that is called off": {
    given: () => plan(),
    hits: "/cancel",
    async act({ page, name }) {
      await page.getByRole("button", { name: "取消计划" }).click();
      const form = page.getByRole("dialog");
      await form.getByPlaceholder("为什么取消？").fill(name);
      await form.getByRole("button", { name: "取消这项计划" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ row, name }) {
      const { state, cancel_reason } = await get(row.id);
      assert.deepEqual([state, cancel_reason], ["cancelled", name]);
    },
  },
  "a plan that is moved": {
    given: () => plan(),
    hits: "/move",
    async act({ page }) {
      await page.getByRole("button", { name: "改期" }).click();
      const form = page.getByRole("dialog");
      await form.getByText("3 天后").click();
      await form.getByRole("button", { name: "改到这个时间" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ row }) {
      assert.equal((await get(row.id)).state, "moved");
      assert.equal(await times(row.id, "planned_start_at"), 1);
    },
  },
  "a check-in": {
    given: () => plan(),
    hits: "/check-in",
    async act({ page }) {
      await page.getByRole("button", { name: "签到" }).click();
      await page.getByText("没有网络，已存在本机").first().waitFor();
      await page.getByRole("button", { name: "稍后再记" }).click();
    },
    async check({ row }) {
      assert.ok((await get(row.id)).checked_in_at);
      const entries = (await call(house, "GET", `/activities/${row.id}/history`)).rows;
      assert.equal(entries.filter((entry) => entry.changes.some(({ field }) => field === "checked_in_at")).length, 1);
    },
  },
  "a task": {
    path: "/tasks",
    async act({ page, name }) {
      const line = page.getByLabel("快速添加任务");
      await line.fill(`明天 ${name}`);
      await line.press("Enter");
    },
    check: async ({ name }) => assert.equal((await found("subject", name)).length, 1),
  },
  "a task that is done": {
    given: (name) => task(name),
    path: "/tasks",
    hits: "/finish",
    act: ({ page, name }) => page.getByRole("button", { name: `完成：${name}` }).click(),
    check: async ({ row }) => assert.equal((await get(row.id)).state, "done"),
  },
  "a task that is changed": {
    given: (name) => task(name, { checklist: [{ text: "打印合同", done: false }] }),
    path: "/tasks",
    hits: "/activities/",
    async act({ page, name }) {
      await page.getByText(name, { exact: true }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("打印合同 已完成").check();
      await form.getByRole("button", { name: "保存" }).click();
      await form.waitFor({ state: "hidden" });
    },
    async check({ row }) {
      const { checklist, version } = await get(row.id);
      assert.deepEqual(checklist, [{ text: "打印合同", done: true }]);
      assert.equal(version, row.version + 1);
    },
  },
  "a comment": {
    path: () => `/customers/${customer.id}`,
    hits: "/comments",
    async act({ page, name }) {
      await page.getByRole("tab", { name: "动态" }).click();
      await page.getByLabel("留言", { exact: true }).fill(name);
      await page.getByRole("button", { name: "发送" }).click();
    },
    async check({ name }) {
      const { rows } = await call(house, "GET", `/customers/${customer.id}/comments`);
      assert.equal(rows.filter(({ body }) => body === name).length, 1);
    },
  },
  "a file": {
    path: () => `/customers/${customer.id}`,
    hits: "/attachments",
    async act({ page, name }) {
      await page.getByRole("tab", { name: "动态" }).click();
      const file = { name: `${name}.txt`, mimeType: "text/plain", buffer: Buffer.from("合同要点") };
      await page.locator("input[type=file]").first().setInputFiles(file);
    },
    check: async ({ name }) => assert.equal((await files("customers", customer.id)).filter((file) => file === `${name}.txt`).length, 1),
  },
};

for (const [place, where] of [["half_request", "in the middle of the request"], ["answer", "after the server did it and before the answer"]]) {
  test(`each kind of write gets there once when the network is cut ${where}`, async (t) => {
    const wire = await cable(house);
    t.after(() => wire.close());
    const page = await pageFor(house, { screen: phone });
    await page.context().clearPermissions();
    await signIn({ ...house, base: wire.base }, page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    for (const [number, [what, { given, path, hits = "/activities ", act, check }]] of Object.entries(writes).entries()) {
      await t.test(what, async () => {
        const name = `${place === "answer" ? "回执" : "途中"}${number}号`;
        const row = await given?.(name);
        await page.goto(wire.base + (typeof path === "function" ? path() : (path ?? `/activities/${row.id}`)));
        const cuts = wire.cuts;
        wire.cut(place, (line) => line.includes(hits));
        await act({ page, name, row });
        await until("the cut has met the request", () => wire.cuts === cuts + 1);
        await page.waitForTimeout(300);
        wire.mend();
        await nothingIsLeft(page);
        await check({ name, row });
      });
    }
    page.settle();
    await page.context().close();
  });
}
