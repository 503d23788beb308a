import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
before(async () => {
  // Nothing is mailed in these stories; that it could be is enough.
  process.env.CHENGDAN_SMTP_URL = "smtp://127.0.0.1:9";
  house = await open();
  await setUp(house);
});
after(() => house?.close());

const choices = () => call(house, "GET", "/notifications/choices");

async function until(isTrue) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail("not within five seconds");
}

test("what people are told of, by which way and when not, is chosen and stays chosen", async () => {
  const page = await pageFor(house, { screen: phone });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/notifications`);
  const given = (way) => page.getByRole("switch", { name: `有人把任务交给我 · ${way}` });
  await given("邮件").waitFor();
  await isAccessible(page);
  await fits(page);
  const before = await choices();
  await given("邮件").click();
  await until(async () => (await choices()).mail.given === !before.mail.given);
  await given("设备").click();
  await until(async () => (await choices()).push.given === !before.push.given);
  // What one isn't told of at all goes nowhere.
  await given("站内").click();
  await until(async () => (await choices()).choices.given === false);
  assert.equal(await given("邮件").isDisabled(), true);
  assert.equal(await given("设备").isDisabled(), true);

  await page.getByRole("switch", { name: "免打扰时段" }).click();
  await until(async () => (await choices()).quiet !== null);
  await page.getByLabel("免打扰开始").click();
  const column = page.locator(".ant-picker-dropdown:visible .ant-picker-time-panel-column");
  await column.nth(0).getByText("22", { exact: true }).click();
  await column.nth(1).getByText("30", { exact: true }).click();
  await page.getByRole("heading", { name: "通知" }).click();
  await until(async () => (await choices()).quiet.from === "22:30");
  await page.reload();
  await given("站内").waitFor();
  assert.equal(await given("站内").isChecked(), false);
  assert.equal(await page.getByLabel("免打扰开始").inputValue(), "22:30");
  await isAccessible(page);
  await fits(page);
  await page.getByRole("switch", { name: "免打扰时段" }).click();
  await until(async () => (await choices()).quiet === null);

  await page.getByRole("switch", { name: "邮件汇总" }).click();
  await until(async () => (await choices()).digest?.days === "working");
  await page.getByText("每天", { exact: true }).click();
  await until(async () => (await choices()).digest.days === "every");
  await page.getByLabel("汇总时间").click();
  await column.nth(0).getByText("07", { exact: true }).click();
  await column.nth(1).getByText("45", { exact: true }).click();
  await page.getByRole("heading", { name: "通知" }).click();
  await until(async () => (await choices()).digest.at === "07:45");
  await page.reload();
  await page.getByLabel("汇总时间").waitFor();
  assert.equal(await page.getByLabel("汇总时间").inputValue(), "07:45");
  await isAccessible(page);
  await fits(page);
  await page.getByRole("switch", { name: "邮件汇总" }).click();
  await until(async () => (await choices()).digest === null);
  page.settle();
  await page.context().close();
});

test("who doesn't allow notifications on a device reads what to do about it", async () => {
  await call(house, "PATCH", "/me", { language: "en" });
  const page = await pageFor(house, { screen: phone, language: "en", dark: true });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/notifications`);
  const here = page.getByRole("switch", { name: /Notifications on this device/ });
  await here.waitFor();
  await isAccessible(page);
  await fits(page);
  await here.click();
  await page.getByText(/does not allow notifications|doesn’t allow notifications|doesn't allow notifications/).waitFor();
  assert.equal(await here.isChecked(), false);
  page.settle();
  await page.context().close();
});

test("the key that devices subscribe with is there from the first start and stays the same", async () => {
  const first = await call(house, "GET", "/push/key");
  // An uncompressed point of P-256.
  assert.equal(Buffer.from(first.public_key, "base64url").length, 65);
  await house.stop();
  await house.start();
  assert.deepEqual(await call(house, "GET", "/push/key"), first);
});
