import { expect, test } from "vitest";
import { daysOverdue, isWhole, unplanned } from "./money";

const row = (amount_minor: number | null) => ({
  key: "a",
  condition: "预付款",
  due_on: "2026-06-01",
  amount_minor,
});

test("what is due today is not overdue", () => {
  expect(daysOverdue("2026-06-15", "2026-06-15")).toBe(0);
  expect(daysOverdue("2026-06-14", "2026-06-15")).toBe(1);
  expect(daysOverdue("2024-02-28", "2024-03-01")).toBe(2);
});

test("what is not planned is the amount less the instalments", () => {
  expect(unplanned(100, [row(30), row(null)])).toBe(70);
  expect(unplanned(100, [row(130)])).toBe(-30);
});

test("an instalment needs a condition, a day and more than nothing", () => {
  expect(isWhole(row(1))).toBe(true);
  expect(isWhole(row(0))).toBe(false);
  expect(isWhole({ ...row(1), condition: " " })).toBe(false);
  expect(isWhole({ ...row(1), due_on: null })).toBe(false);
});
