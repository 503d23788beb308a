import { expect, test } from "vitest";
import { addDays, addMinutes, instantAt, timeOf } from "./zone";

test("a wall clock's time becomes the instant at which it shows", () => {
  expect(instantAt("2026-11-23", "09:30", "Asia/Shanghai")).toBe("2026-11-23T01:30:00.000Z");
  expect(instantAt("2026-07-01", "09:30", "Europe/Berlin")).toBe("2026-07-01T07:30:00.000Z");
  expect(timeOf("2026-07-01T07:30:00Z", "Europe/Berlin")).toBe("09:30");
});

test("the hours around a change of the clocks are told apart", () => {
  expect(instantAt("2026-03-29", "01:30", "Europe/Berlin")).toBe("2026-03-29T00:30:00.000Z");
  expect(instantAt("2026-03-29", "03:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
});

test("days and minutes are added over the ends of months", () => {
  expect(addDays("2026-11-30", 1)).toBe("2026-12-01");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(addMinutes("2026-11-30T23:50:00.000Z", 15)).toBe("2026-12-01T00:05:00.000Z");
});
