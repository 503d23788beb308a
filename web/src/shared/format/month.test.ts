import { describe, expect, test } from "vitest";
import { addMonths, isMonth, weekday, weeksOf } from "./month";
import { addDays } from "./zone";

describe("months of the close-date calendar", () => {
  test("weeks begin on Monday and cover the whole month", () => {
    const weeks = weeksOf("2026-11");
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toBe("2026-10-26");
    expect(weeks.at(-1)?.[6]).toBe("2026-12-06");
    for (const week of weeks) expect(week.map(weekday)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("a February of four whole weeks has no others", () => {
    expect(weeksOf("2027-02")).toHaveLength(4);
  });

  test("days and months pass the turn of the year", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2027-01", -1)).toBe("2026-12");
  });

  test("a month out of range is none", () => {
    expect(isMonth("2026-13")).toBe(false);
    expect(isMonth("2026-09")).toBe(true);
  });
});
