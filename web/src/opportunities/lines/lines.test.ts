import { describe, expect, test } from "vitest";
import { isBlank, isUnfinished, isWhole, lineAmount } from "./lines";

const price = { amount_minor: 19_999, currency: "CNY" };

describe("product lines", () => {
  test("a line's amount is quantity times price less the discount, to the nearest 分", () => {
    expect(lineAmount({ quantity: 3, price, discount_percent: null })).toBe(59_997);
    expect(lineAmount({ quantity: 3, price, discount_percent: 10 })).toBe(53_997);
    expect(lineAmount({ quantity: 0.5, price, discount_percent: 0 })).toBe(10_000);
  });

  test("an unfinished line is worth nothing and is told from a blank one", () => {
    const line = { key: "1", product_id: "p", quantity: 2, price: null, discount_percent: null };
    expect(lineAmount(line)).toBe(0);
    expect(isWhole(line)).toBe(false);
    expect(isBlank(line)).toBe(false);
    expect(isUnfinished(line)).toBe(true);
    const blank = { ...line, product_id: null, quantity: 1 };
    expect(isBlank(blank)).toBe(true);
    expect(isUnfinished(blank)).toBe(false);
    expect(isUnfinished({ ...blank, quantity: 2 })).toBe(true);
    expect(isUnfinished({ ...blank, discount_percent: 5 })).toBe(true);
  });
});
