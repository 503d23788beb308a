import { describe, expect, test } from "vitest";
import { isOn, piecesOf, place, shifted, snap } from "./lanes";
import type { Entry } from "./useCalendar";

const zone = "Asia/Shanghai";
const entry = (from: string, until: string, more: Partial<Entry> = {}): Entry => ({
  person_id: "li",
  starts_at: `${from}:00+08:00`,
  ends_at: `${until}:00+08:00`,
  is_all_day: false,
  is_busy_only: false,
  ...more,
});

describe("a day of the calendar", () => {
  test("what overlaps stands side by side, what follows has the whole width", () => {
    const day = piecesOf(
      [
        entry("2026-11-24T09:00", "2026-11-24T11:00"),
        entry("2026-11-24T09:30", "2026-11-24T10:00"),
        entry("2026-11-24T10:00", "2026-11-24T10:30"),
        entry("2026-11-24T11:00", "2026-11-24T12:00"),
      ],
      "2026-11-24",
      zone,
    );
    expect(place(day).map(({ lane, lanes }) => [lane, lanes])).toEqual([
      [0, 2],
      [1, 2],
      [1, 2],
      [0, 1],
    ]);
  });

  test("very short ones don't cover each other", () => {
    const day = piecesOf(
      [
        entry("2026-11-24T09:00", "2026-11-24T09:05"),
        entry("2026-11-24T09:10", "2026-11-24T09:15"),
      ],
      "2026-11-24",
      zone,
    );
    expect(place(day).map(({ lane }) => lane)).toEqual([0, 1]);
  });

  test("what goes over midnight has a piece on both days, what ends at midnight doesn't", () => {
    const night = entry("2026-11-24T22:00", "2026-11-25T02:00");
    expect(piecesOf([night], "2026-11-24", zone)).toMatchObject([{ from: 1320, until: 1440 }]);
    expect(piecesOf([night], "2026-11-25", zone)).toMatchObject([{ from: 0, until: 120 }]);
    const evening = entry("2026-11-24T22:00", "2026-11-25T00:00");
    expect(piecesOf([evening], "2026-11-25", zone)).toEqual([]);
    expect(piecesOf([evening], "2026-11-24", zone)).toMatchObject([{ until: 1440 }]);
  });

  test("a whole day is one of the person's time zone", () => {
    const day = entry("2026-11-24T00:00", "2026-11-25T00:00", { is_all_day: true });
    expect(isOn(day, "2026-11-24", zone)).toBe(true);
    expect(isOn(day, "2026-11-25", zone)).toBe(false);
    expect(piecesOf([day], "2026-11-24", zone)).toEqual([]);
  });

  test("times are snapped to quarters and carried over midnight", () => {
    expect(snap(52)).toBe(45);
    expect(shifted("2026-12-31", 1470)).toEqual({ day: "2027-01-01", minute: 30 });
    expect(shifted("2026-12-31", -30)).toEqual({ day: "2026-12-30", minute: 1410 });
  });
});
