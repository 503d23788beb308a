import { expect, test } from "vitest";
import { periodOf } from "./period";

test("periods begin and end where the calendar says", () => {
  const today = "2026-11-21";
  expect(periodOf("this_month", today)).toEqual({ from: "2026-11-01", to: "2026-11-30" });
  expect(periodOf("this_quarter", today)).toEqual({ from: "2026-10-01", to: "2026-12-31" });
  expect(periodOf("last_year", today)).toEqual({ from: "2025-01-01", to: "2025-12-31" });
});

test("the last twelve months are twelve, over the turn of the year and through February", () => {
  expect(periodOf("last_12_months", "2027-02-10")).toEqual({
    from: "2026-03-01",
    to: "2027-02-28",
  });
});
