import { newKey } from "@/api/request";
import type { Step, StepChoice } from "../templates/template";

/** A step while it is being edited. */
export type DraftStep = Step & { key: string };

export const draftOf = (step: Step): DraftStep => ({ ...step, key: step.code });

/** A code that nothing in the template has yet; those of earlier versions stay theirs. */
export function freeCode(taken: string[], prefix: string): string {
  for (let number = taken.length + 1; ; number++) {
    const code = `${prefix}_${number}`;
    if (!taken.includes(code)) return code;
  }
}

export const newStep = (taken: string[]): DraftStep => ({
  key: newKey(),
  code: freeCode(taken, "step"),
  name: "",
  type: "yes_no",
  is_required: true,
});

export const newChoice = (choices: StepChoice[]): StepChoice => ({
  code: freeCode(
    choices.map((choice) => choice.code),
    "choice",
  ),
  name: "",
});

/** The steps as the API takes them; the order is that of the list. */
export const stepsBody = (steps: DraftStep[]): Step[] =>
  steps.map(({ key: _, choices, ...step }) => ({
    ...step,
    ...(step.type === "choice" ? { choices: choices ?? [] } : {}),
  }));
