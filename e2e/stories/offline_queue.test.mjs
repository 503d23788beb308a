import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cable, chance, places } from "../cable.mjs";
import { isReady, kept, nothingIsLeft, photo, until } from "../device.mjs";
import { call, open, pageFor, phone, setUp, signIn } from "../house.mjs";

const visits = 200;
const photos = 20;
const cuts = 10;

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

const named = (number) => `第 ${String(number).padStart(3, "0")} 次拜访`;

/** Logs a visit with a photo through the form, as a person does. */
async function logByHand(page, number) {
  await page.getByRole("navigation").getByRole("button", { name: "快速新建" }).click();
  await page.getByRole("menuitem", { name: "记拜访" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("苏州恒力精密有限公司", { exact: true }).click();
  await form.getByText("有效", { exact: true }).click();
  await form.getByLabel("结果记录").fill(named(number));
  await form.locator("input[type=file]").first().setInputFiles(await photo(page, `现场-${number}.jpg`));
  await form.getByRole("img", { name: "现场照片" }).waitFor();
  await form.getByRole("button", { name: "保存" }).click();
  await form.waitFor({ state: "hidden" });
}

/** Gives visits to the page's own queue, as its forms do; `numbers` of those with a photo in `withPhoto`. */
function logByQueue(page, { from, until, withPhoto, kind_id, customer_id }) {
  return page.evaluate(
    async ({ from, until, withPhoto, kind_id, customer_id }) => {
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      const modules = await Promise.all(
        loaded.filter((name) => /\/assets\/[^/]+\.js$/.test(name)).map((name) => import(name)),
      );
      const queue = modules.flatMap(Object.values).find((one) => typeof one?.submit === "function" && typeof one.snapshot === "function");
      const canvas = Object.assign(document.createElement("canvas"), { width: 1600, height: 1200 });
      const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
      const now = Date.now();
      for (let number = from; number <= until; number += 1) {
        const name = `第 ${String(number).padStart(3, "0")} 次拜访`;
        const outcome = await queue.submit(
          {
            path: "/activities",
            body: {
              kind_id,
              customer_id,
              state: "done",
              outcome: "effective",
              result: name,
              started_at: new Date(now - 3_600_000 + number * 1_000).toISOString(),
              ended_at: new Date(now - 1_800_000 + number * 1_000).toISOString(),
            },
            resource: "activities",
            what: { key: "activities:waiting.logged", params: { name } },
          },
          (recordId) =>
            withPhoto.includes(number)
              ? [{
                  path: `/activities/${recordId}/attachments`,
                  files: [new File([picture], `现场-${number}.jpg`, { type: "image/jpeg" })],
                  resource: "activities",
                  recordId,
                  what: { key: "activities:waiting.photo" },
                }]
              : [],
        );
        if (outcome.state !== "queued") throw new Error(`${name}: ${outcome.state}`);
      }
    },
    { from, until, withPhoto, kind_id, customer_id },
  );
}

async function allVisits() {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const answer = await call(house, "GET", `/activities?sort=created_at&page_size=100&page=${page}`);
    rows.push(...answer.rows);
    if (answer.rows.length < 100) return rows;
  }
}

test("two hundred visits with twenty photos drain once, completely and in order through ten cuts of the network", async (t) => {
  const wire = await cable(house);
  t.after(() => wire.close());
  const page = await pageFor(house, { screen: phone });
  await signIn({ ...house, base: wire.base }, page);
  await isReady(page, ["customers", "activity_kinds"]);
  await page.goto(`${wire.base}/customers`);
  await page.goto(`${wire.base}/today`);

  wire.isDown = true;
  await page.context().setOffline(true);
  const every = visits / photos;
  const withPhoto = Array.from({ length: photos }, (_, index) => 1 + index * every);
  await logByHand(page, 1);
  await logByQueue(page, { from: 2, until: 10, withPhoto, kind_id: kinds.first.id, customer_id: customer.id });
  await logByHand(page, 11);
  await logByQueue(page, { from: 12, until: visits, withPhoto, kind_id: kinds.first.id, customer_id: customer.id });
  await page.getByText(`${visits + photos} 条待同步`).waitFor();

  const random = chance(20_261_122);
  const requests = visits + photos;
  const at = new Set();
  while (at.size < cuts) at.add(1 + Math.floor(random() * requests));
  let sent = 0;
  const seen = [];
  wire.onWrite = (line) => {
    if (!/ \/api\/activities[ /]/.test(line)) return;
    sent += 1;
    if (!at.delete(sent)) return;
    const place = places[Math.floor(random() * places.length)];
    seen.push(`${place} at ${sent}`);
    wire.cut(place);
    setTimeout(() => wire.mend(), 200 + random() * 1_500);
  };
  wire.mend();
  await page.context().setOffline(false);
  await nothingIsLeft(page, 240);
  assert.equal(wire.cuts, cuts, seen.join(", "));
  assert.ok(sent > requests, `${sent} requests for ${requests} writes: nothing had to be repeated`);

  const rows = await allVisits();
  assert.deepEqual(rows.map((row) => row.result), Array.from({ length: visits }, (_, index) => named(index + 1)));
  const ids = rows.map((row) => row.id);
  assert.deepEqual([...ids].sort(), ids, "made in the order of entering");
  let files = 0;
  for (const [index, row] of rows.entries()) {
    const attached = (await call(house, "GET", `/activities/${row.id}/attachments`)).rows;
    assert.deepEqual(attached.map((file) => file.name), withPhoto.includes(index + 1) ? [`现场-${index + 1}.jpg`] : [], row.result);
    files += attached.length;
  }
  assert.equal(files, photos);
  assert.equal((await kept(page, "files")).length, 0);
  await until("the page says that nothing waits", async () => (await page.getByText("条待同步").count()) === 0);
  t.diagnostic(`cuts: ${seen.join(", ")}; ${sent} requests`);
  page.settle();
  await page.context().close();
});
