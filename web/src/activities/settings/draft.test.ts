import { expect, test } from "vitest";
import { freeCode, newChoice, stepsBody } from "./draft";

test("a new step never takes the code of another one", () => {
  expect(freeCode(["step_1", "step_3"], "step")).toBe("step_4");
  expect(freeCode(["step_2"], "step")).toBe("step_3");
  expect(newChoice([{ code: "choice_2", name: "b" }]).code).toBe("choice_3");
});

test("only a step that offers choices is sent with them", () => {
  const step = { key: "k", code: "a", name: "A", is_required: false, choices: [] };
  expect(stepsBody([{ ...step, type: "text" }])).toEqual([
    { code: "a", name: "A", is_required: false, type: "text" },
  ]);
  expect(stepsBody([{ ...step, type: "choice" }])[0]).toHaveProperty("choices");
});
