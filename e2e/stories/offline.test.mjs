import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  house = await open();
  await setUp(house);
  await call(house, "POST", "/customers", { name: "北京红圈科技有限公司", level: "A", region: "110108" });
  const { rows } = await call(house, "GET", "/customers?q=hongquan");
  await call(house, "POST", "/contacts", { name: "王主任", customer_id: rows[0].id });
});
after(() => house?.close());

/** What this browser keeps in one of its stores. */
function kept(page, store) {
  return page.evaluate(async (name) => {
    if (!(await indexedDB.databases()).some((database) => database.name === "chengdan")) return [];
    const result = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await result(indexedDB.open("chengdan"));
    const rows = await result(database.transaction(name).objectStore(name).getAll());
    database.close();
    return rows;
  }, store);
}

async function until(what, isTrue) {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`not within half a minute: ${what}`);
}

/** The worker has all files of the web UI, and the person's own customers have been read ahead of need. */
async function isReady(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await until("own customers and contacts are on the device", async () => {
    const rows = await kept(page, "rows");
    return ["customers", "contacts"].every((resource) => rows.some((row) => row.resource === resource));
  });
}

test("own customers and their contacts open without a network, also after the browser was closed, until sign-out", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await isReady(page);
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
