import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { administrator, desktop, fits, isAccessible, open, pageFor, phone, setupToken } from "../house.mjs";

let house;
before(async () => {
  house = await open();
});
after(() => house?.close());

test("the set-up link makes the first administrator, in Chinese, on a phone", async () => {
  const page = await pageFor(house, { screen: phone });
  await page.goto(`${house.base}/setup?token=${setupToken(house)}`);
  await page.getByLabel("公司名称").fill("海川机电");
  await page.getByLabel("您的姓名").fill(administrator.name);
  await page.getByLabel("邮箱（用来登录）").fill(administrator.email);
  await isAccessible(page);
  await fits(page);
  await page.locator("input[type=password]").first().fill(administrator.password);
  const repeat = page.locator("input[type=password]").nth(1);
  if (await repeat.count()) await repeat.fill(administrator.password);
  await page.getByRole("button", { name: "完成，进入成单" }).click();
  await page.waitForURL(`${house.base}/`);
  await page.getByRole("navigation").first().waitFor();
  await isAccessible(page);
  await fits(page);
  page.settle();
  await page.context().close();
});

test("the link works once", async () => {
  const page = await pageFor(house);
  await page.goto(`${house.base}/setup?token=${setupToken(house)}`);
  await page.getByText("这个链接不能用了").waitFor();
  page.settle();
  await page.context().close();
});

test("a wrong password is told without saying which part was wrong, and nothing typed is lost", async () => {
  const page = await pageFor(house, { language: "en", screen: desktop });
  await page.goto(`${house.base}/sign-in`);
  await page.locator("input").first().fill(administrator.email);
  await page.locator("input[type=password]").fill("not the password");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.locator("input").first().inputValue(), administrator.email);
  await isAccessible(page);
  page.settle();
  await page.context().close();
});
