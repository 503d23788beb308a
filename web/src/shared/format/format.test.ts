import { describe, expect, test } from "vitest";
import { dayOf, sayDay, sayInstant } from "./date";
import { exactMoney, moneyHint, parseAmount, shortMoney } from "./money";

const yuan = (amount: number) => ({ amount_minor: Math.round(amount * 100), currency: "CNY" });

describe("money", () => {
  test("is said in 元, 万 and 亿 in Chinese", () => {
    expect(shortMoney(yuan(860), "zh-CN")).toBe("¥860");
    expect(shortMoney(yuan(1234.5), "zh-CN")).toBe("¥1,234.50");
    expect(shortMoney(yuan(320_000), "zh-CN")).toBe("¥32万");
    expect(shortMoney(yuan(123_456), "zh-CN")).toBe("¥12.3万");
    expect(shortMoney(yuan(26_000_000), "zh-CN")).toBe("¥2,600万");
    expect(shortMoney(yuan(120_000_000), "zh-CN")).toBe("¥1.2亿");
    expect(shortMoney(yuan(-50_000), "zh-CN")).toBe("-¥5万");
  });

  test("is said in K and M in English", () => {
    expect(shortMoney(yuan(320_000), "en")).toBe("¥320K");
    expect(shortMoney(yuan(1_250_000), "en")).toBe("¥1.25M");
  });

  test("is exact on request, and knows currencies without minor units", () => {
    expect(exactMoney(yuan(1234567.8), "zh-CN")).toBe("¥1,234,567.80");
    expect(exactMoney({ amount_minor: 500, currency: "JPY" }, "en")).toBe("¥500");
  });

  test("is read the way people write it", () => {
    expect(parseAmount("12.5万", "CNY")).toBe(12_500_000);
    expect(parseAmount("1,234.50", "CNY")).toBe(123_450);
    expect(parseAmount("¥ 1.2亿", "CNY")).toBe(12_000_000_000);
    expect(parseAmount("80k", "CNY")).toBe(8_000_000);
    expect(parseAmount("about ten", "CNY")).toBeNull();
    expect(parseAmount("$100", "CNY")).toBeNull();
    expect(parseAmount("100美元", "CNY")).toBeNull();
    expect(parseAmount("$100", "USD")).toBe(10_000);
  });

  test("shows a hint only where zeros get hard to count", () => {
    expect(moneyHint(yuan(123_500), "zh-CN")).toBe("12.35 万元");
    expect(moneyHint(yuan(900), "zh-CN")).toBeNull();
  });
});

describe("dates", () => {
  const now = new Date("2026-11-21T06:30:00Z");

  test("near days are said by name", () => {
    expect(sayDay("2026-11-21", "2026-11-21", "zh-CN")).toBe("今天");
    expect(sayDay("2026-11-20", "2026-11-21", "en")).toBe("Yesterday");
    expect(sayDay("2026-11-22", "2026-11-21", "zh-CN")).toBe("明天");
  });

  test("the year is said only when it isn't this one", () => {
    expect(sayDay("2026-11-03", "2026-11-21", "zh-CN")).toBe("11月3日");
    expect(sayDay("2025-11-03", "2026-11-21", "zh-CN")).toBe("2025年11月3日");
    expect(sayDay("2026-11-03", "2026-11-21", "en")).toBe("Nov 3");
  });

  test("an instant falls on the day of the person's time zone", () => {
    expect(dayOf(new Date("2026-11-20T17:00:00Z"), "Asia/Shanghai")).toBe("2026-11-21");
    expect(sayInstant("2026-11-20T17:00:00Z", now, "Asia/Shanghai", "zh-CN")).toBe("今天 01:00");
    expect(sayInstant("2026-11-20T17:00:00Z", now, "Europe/London", "en")).toBe("Yesterday 17:00");
    expect(sayInstant("2026-11-03T06:00:00Z", now, "Asia/Shanghai", "zh-CN")).toBe("11月3日");
  });
});
