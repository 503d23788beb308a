import { describe, expect, test } from "vitest";
import { scaleOf } from "./scale";

describe("a threshold", () => {
  test("in per cent is kept as a share", () => {
    expect(scaleOf("ratio").store(12.5)).toBe(0.125);
    expect(scaleOf("ratio").show(0.07)).toBe(7);
  });

  test("in money is kept in minor units", () => {
    expect(scaleOf("money").store(1234.5)).toBe(123_450);
    expect(scaleOf("money").show(123_450)).toBe(1234.5);
  });

  test("of anything else stays as it is written", () => {
    expect(scaleOf("count").store(3)).toBe(3);
    expect(scaleOf("days").show(40.7)).toBe(40.7);
  });
});
