import { expect, test } from "vitest";
import { anchorOf, daysOf, lengthOf, lengths, periodWith, shifted } from "./period";

test("a period begins and ends where the calendar says", () => {
  expect(daysOf("2026-11")).toEqual({ from: "2026-11-01", to: "2026-11-30" });
  expect(daysOf("2028-02")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(daysOf("2026-Q4")).toEqual({ from: "2026-10-01", to: "2026-12-31" });
  expect(daysOf("2026-H2")).toEqual({ from: "2026-07-01", to: "2026-12-31" });
  expect(daysOf("2026")).toEqual({ from: "2026-01-01", to: "2026-12-31" });
  expect(daysOf("FY2025", 4)).toEqual({ from: "2025-04-01", to: "2026-03-31" });
});

test("a week over New Year belongs to the year of its Thursday", () => {
  expect(daysOf("2026-W01")).toEqual({ from: "2025-12-29", to: "2026-01-04" });
  expect(periodWith("week", "2027-01-01")).toBe("2026-W53");
  expect(shifted("2027-W01", -1)).toBe("2026-W53");
});

test("a fiscal year is named by the year in which it begins", () => {
  expect(periodWith("fiscal_year", "2026-02-01", 4)).toBe("FY2025");
  expect(shifted("FY2025", 1, 4)).toBe("FY2026");
});

test("periods of every length follow each other without gaps, forth and back", () => {
  for (const length of lengths) {
    for (const day of ["2025-12-31", "2026-01-01", "2026-03-29", "2028-02-29"]) {
      const period = periodWith(length, day, 4);
      expect(lengthOf(period)).toBe(length);
      const { from, to } = daysOf(period, 4);
      expect(from <= day && day <= to).toBe(true);
      const next = shifted(period, 1, 4);
      const after = new Date(Date.parse(`${to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      expect(daysOf(next, 4).from).toBe(after);
      expect(shifted(next, -1, 4)).toBe(period);
    }
  }
});

test("what is no period has no length", () => {
  expect(["", "2026-13", "2026-Q5", "26", "2026-W1", null].map(lengthOf)).toEqual(
    Array(6).fill(undefined),
  );
});

test("another length is looked at around today, or around the end of what is over", () => {
  expect(anchorOf("2026-11", "2026-11-22")).toBe("2026-11-22");
  expect(anchorOf("2026-10", "2026-11-22")).toBe("2026-10-31");
});
