import { describe, expect, test } from "vitest";
import { firstDay, type Repeat, repeatOf, rruleOf, weeklyOn } from "./repeat";

const tuesday = "2026-11-24";
const repeat = (more: Partial<Repeat>): Repeat => ({ ...weeklyOn(tuesday), ...more });

describe("how often something comes again", () => {
  test("is written as RFC 5545 has it", () => {
    expect(rruleOf(weeklyOn(tuesday), tuesday)).toBe("FREQ=WEEKLY;BYDAY=TU");
    expect(rruleOf(repeat({ weekdays: [4, 1], interval: 2 }), tuesday)).toBe(
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR",
    );
    expect(rruleOf(repeat({ freq: "DAILY", end: { kind: "count", count: 5 } }), tuesday)).toBe(
      "FREQ=DAILY;COUNT=5",
    );
    expect(
      rruleOf(repeat({ freq: "MONTHLY", end: { kind: "until", day: "2027-06-30" } }), tuesday),
    ).toBe("FREQ=MONTHLY;BYMONTHDAY=24;UNTIL=20270630");
    expect(rruleOf(repeat({ freq: "YEARLY" }), tuesday)).toBe("FREQ=YEARLY");
  });

  test("is read back as it was chosen", () => {
    for (const rule of [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;COUNT=9",
      "FREQ=DAILY;UNTIL=20270630",
      "FREQ=MONTHLY;BYMONTHDAY=24",
    ]) {
      const read = repeatOf(rule);
      expect(read && rruleOf(read, tuesday)).toBe(rule);
    }
  });

  test("says nothing of rules that can't be chosen here", () => {
    expect(repeatOf("FREQ=MONTHLY;BYDAY=1MO")).toBeUndefined();
    expect(repeatOf("FREQ=HOURLY")).toBeUndefined();
    expect(repeatOf("FREQ=WEEKLY;BYSETPOS=1;BYDAY=MO")).toBeUndefined();
  });

  test("begins on the first of its weekdays", () => {
    expect(firstDay(repeat({ weekdays: [3] }), tuesday)).toBe("2026-11-26");
    expect(firstDay(repeat({ weekdays: [0] }), tuesday)).toBe("2026-11-30");
    expect(firstDay(weeklyOn(tuesday), tuesday)).toBe(tuesday);
    expect(firstDay(null, tuesday)).toBe(tuesday);
  });
});
