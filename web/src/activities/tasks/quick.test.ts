import { expect, test } from "vitest";
import { readLine } from "./quick";

// A Wednesday.
const today = "2026-11-25";

test("a line without a day is due today", () => {
  expect(readLine("给海川发报价", today)).toEqual({
    subject: "给海川发报价",
    due_on: today,
    priority: "normal",
  });
});

test("a day in the line is taken out of it", () => {
  expect(readLine("明天给海川发报价", today)).toMatchObject({
    subject: "给海川发报价",
    due_on: "2026-11-26",
  });
  expect(readLine("Send the quote tomorrow", today)).toMatchObject({
    subject: "Send the quote",
    due_on: "2026-11-26",
  });
  expect(readLine("周五 交合同", today)).toMatchObject({ subject: "交合同", due_on: "2026-11-27" });
  expect(readLine("下周一开会", today)).toMatchObject({ subject: "开会", due_on: "2026-11-30" });
  expect(readLine("下周五 复盘", today)).toMatchObject({ subject: "复盘", due_on: "2026-12-04" });
});

test("a word within another is no day", () => {
  expect(readLine("Monday.com evaluieren", today).due_on).toBe(today);
  expect(readLine("call about sunscreen", today).due_on).toBe(today);
});

test("an exclamation mark says that it matters", () => {
  expect(readLine("回电王主任！", today)).toMatchObject({
    subject: "回电王主任",
    priority: "high",
  });
});

test("a day alone is what is to be done", () => {
  expect(readLine("明天", today)).toMatchObject({ subject: "明天", due_on: today });
});
