import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { call, desktop, fits, isAccessible, open, pageFor, phone, setUp, signIn } from "../house.mjs";

let house;
let receiver;
const taken = [];
let status = 200;

before(async () => {
  house = await open();
  await setUp(house);
  await call(house, "PATCH", "/settings", { private_addresses: true });
  receiver = createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      taken.push({ headers: request.headers, body });
      answer.writeHead(status).end();
    });
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  receiver?.close();
  await house?.close();
});

/** The next message, which must come within seconds. */
async function message() {
  for (let attempt = 0; attempt < 150 && taken.length === 0; attempt += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(taken.length > 0, "nothing came");
  return taken.shift();
}

function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  return headers["webhook-signature"].split(" ").includes(expected);
}

test("an administrator makes a webhook, tries it, and reads in its log what went out", async () => {
  const page = await pageFor(house, { screen: desktop });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/webhooks`);
  await page.getByText("还没有 Webhook").waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: "新建 Webhook" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("财务系统");
  await dialog.getByLabel("地址").fill(`ftp://127.0.0.1/`);
  await dialog.getByRole("button", { name: "创 建" }).or(dialog.getByRole("button", { name: "创建" })).click();
  await dialog.getByText("请至少选择一个事件").waitFor();
  await dialog.getByRole("checkbox", { name: "客户", exact: true }).check();
  await dialog.getByRole("button", { name: "客户的事件" }).click();
  await dialog.getByRole("checkbox", { name: "新建", exact: true }).waitFor();
  await dialog.getByLabel("地址").fill(`http://127.0.0.1:${receiver.address().port}/hook`);
  await isAccessible(page);
  await dialog.getByRole("button", { name: /创\s?建/ }).click();
  const secret = await page.getByRole("dialog").locator("input[data-copy]").inputValue();
  assert.match(secret, /^whsec_/);
  await isAccessible(page);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "发送测试" }).click();
  const trial = await message();
  assert.equal(JSON.parse(trial.body).type, "webhooks.test");
  assert.ok(isSigned(trial, secret));
  const log = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: /内\s?容/ }) });
  await log.filter({ hasText: "测试" }).getByText("已送达").waitFor();

  await call(house, "POST", "/customers", { name: "海川机电" });
  const told = await message();
  assert.ok(isSigned(told, secret));
  const line = log.filter({ hasText: "客户 · 新建" });
  await line.getByText("已送达").waitFor();
  await line.getByRole("button", { name: /内\s?容/ }).click();
  await line.getByText('"name": "海川机电"').waitFor();
  await isAccessible(page);

  status = 500;
  await line.getByRole("button", { name: "重新发送" }).click();
  const again = await message();
  assert.equal(again.body, told.body);
  assert.notEqual(again.headers["webhook-id"], told.headers["webhook-id"]);
  await log.filter({ hasText: "HTTP 500" }).first().getByText("等待中").waitFor();
  status = 200;
  const third = await message();
  assert.equal(third.headers["webhook-id"], again.headers["webhook-id"]);
  await log.filter({ hasText: "尝试了 2 次" }).getByText("已送达").waitFor();
  page.settle();
  await page.context().close();
});

test("it fits a phone, in English and in the dark", async () => {
  const page = await pageFor(house, { screen: phone, language: "en", dark: true });
  await signIn(house, page);
  await page.goto(`${house.base}/settings/webhooks`);
  await page.getByRole("link", { name: "财务系统" }).waitFor();
  await isAccessible(page);
  await fits(page);
  await page.getByRole("link", { name: "财务系统" }).click();
  await page.getByRole("listitem").filter({ hasText: /test|测试/i }).first().waitFor();
  await isAccessible(page);
  await fits(page);
  page.settle();
  await page.context().close();
});
