import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isReady, nothingIsLeft, photo, picturesOf } from "../device.mjs";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let folder;
before(async () => {
  house = await open();
  folder = mkdtempSync(join(tmpdir(), "chengdan-pictures-"));
  await setUp(house);
  await call(house, "POST", "/customers", { name: "苏州恒力精密有限公司", level: "A" });
});
after(async () => {
  await house?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const day_ms = 86_400_000;
const minute_ms = 60_000;

const found = async (result) => {
  const filter = encodeURIComponent(JSON.stringify({ field: "result", op: "contains", value: result }));
  return (await call(house, "GET", `/activities?filter=${filter}`)).rows;
};

async function openLog(page) {
  await page.getByRole("navigation").getByRole("button", { name: "快速新建" }).click();
  await page.getByRole("menuitem", { name: "记拜访" }).click();
  const form = page.getByRole("dialog");
  await form.getByText("苏州恒力精密有限公司", { exact: true }).click();
  return form;
}

/** A file of the picture with 40 MB of what cameras put beside it: previews, depth, colour tables. */
function swollen({ buffer, name }) {
  const segment = Buffer.alloc(65_537, 0x5a);
  segment.writeUInt16BE(0xffef, 0);
  segment.writeUInt16BE(65_535, 2);
  const segments = Array.from({ length: Math.ceil((40 * 1024 * 1024) / segment.length) }, () => segment);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([buffer.subarray(0, 2), ...segments, buffer.subarray(2)]));
  return path;
}

test("a photo of 40 MB is sent small, and a text that calls itself a photo is refused where it was chosen", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  const form = await openLog(page);
  await form.getByLabel("结果记录").fill("大照片");
  const picker = form.locator("input[type=file]").first();
  await picker.setInputFiles({ name: "名片.jpg", mimeType: "image/jpeg", buffer: Buffer.from("其实是一段文字，不是照片。") });
  await form.getByRole("alert").getByText("「名片.jpg」不是照片").waitFor();
  await isAccessible(page);
  await fits(page);
  const large = swollen(await photo(page, "全景.jpg"));
  assert.ok(statSync(large).size > 40 * 1024 * 1024);
  await picker.setInputFiles(large);
  await form.getByRole("img", { name: "现场照片" }).waitFor();
  assert.equal(await form.getByRole("alert").count(), 0);
  await form.getByRole("button", { name: "保存" }).click();
  await form.waitFor({ state: "hidden" });
  await nothingIsLeft(page);
  const [visit] = await found("大照片");
  assert.deepEqual(await picturesOf(page, visit.id), [{ name: "全景.jpg", width: 1600, height: 1200 }]);
  const [file] = (await call(house, "GET", `/activities/${visit.id}/attachments`)).rows;
  assert.ok(file.size < 2 * 1024 * 1024, `${file.size} bytes`);
  page.settle();
  await page.context().close();
});

for (const [what, ahead_ms] of [["ahead", day_ms], ["behind", -day_ms]]) {
  test(`a visit logged without a network on a device whose clock is a day ${what} has the server's time, and keeps what the device said`, async () => {
    const page = await pageFor(house, { screen: phone });
    await page.clock.setSystemTime(Date.now() + ahead_ms);
    await signIn(house, page);
    await isReady(page, ["customers", "activity_kinds"]);
    await page.context().setOffline(true);
    // The page is opened anew: nobody tells it the time now.
    await page.goto(`${house.base}/today`);
    const form = await openLog(page);
    await form.getByLabel("结果记录").fill(`时钟${what}`);
    await form.getByRole("button", { name: "保存" }).click();
    await form.waitFor({ state: "hidden" });
    await page.context().setOffline(false);
    await nothingIsLeft(page);
    const [visit] = await found(`时钟${what}`);
    const off = (at) => Math.abs(Date.parse(at) - Date.now());
    assert.ok(off(visit.logged_at) < 2 * minute_ms, visit.logged_at);
    assert.ok(off(visit.ended_at) < 10 * minute_ms, visit.ended_at);
    assert.ok(off(visit.started_at) < 120 * minute_ms, visit.started_at);
    assert.ok(Math.abs(Date.parse(visit.device_at) - Date.now() - ahead_ms) < 10 * minute_ms, visit.device_at);
    page.settle();
    await page.context().close();
  });
}
