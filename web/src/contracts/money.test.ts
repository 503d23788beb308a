import { expect, test } from "vitest";
import { daysOverdue, inBase, isWhole, unplanned } from "./money";

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

test("an amount in another currency counts at its rate, and not at all without one", () => {
  const amount = { amount_minor: 100, currency: "CNY" };
  const own_amount = { amount_minor: 1_000_050, currency: "USD" };
  expect(inBase({ amount })).toBe(100);
  expect(inBase({ amount: "abc" })).toBeNull();
  expect(inBase({ amount, own_amount, currency: "USD", rate: 7.1234 })).toBe(7_123_756);
  expect(inBase({ amount, own_amount, currency: "USD", rate: null })).toBeNull();
});
