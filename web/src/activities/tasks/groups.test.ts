import { expect, test } from "vitest";
import { periodOf } from "./groups";

test("a task is due in the week that ends on Sunday, and later after it", () => {
  // A Wednesday.
  const today = "2026-11-25";
  expect(periodOf("2026-11-24", today)).toBe("overdue");
  expect(periodOf("2026-11-25", today)).toBe("today");
  expect(periodOf("2026-11-29", today)).toBe("this_week");
  expect(periodOf("2026-11-30", today)).toBe("later");
  expect(periodOf(null, today)).toBe("later");
});

test("on a Sunday the week ends the same day", () => {
  expect(periodOf("2026-11-30", "2026-11-29")).toBe("later");
});
