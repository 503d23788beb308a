import { expect, test } from "vitest";
import { type DraftStage, freeCode, stagesBody, withNewStage } from "./processes";

const stage = (code: string, kind: DraftStage["kind"]): DraftStage => ({
  key: code,
  name: code,
  name_en: null,
  code,
  kind,
  win_chance: null,
  standard_days: null,
  funnel_level: null,
  buyer_step: null,
  guidance: null,
});

test("a new stage stands in front of those that end the process, with a code of its own", () => {
  const before = [stage("lead", "open"), stage("stage_4", "won"), stage("lost", "lost")];
  const after = withNewStage(before);
  expect(after.map((entry) => entry.kind)).toEqual(["open", "open", "won", "lost"]);
  expect(after[1]?.code).toBe("stage_5");
  expect(freeCode(after)).not.toBe("stage_5");
});

test("what is sent carries no inner keys", () => {
  expect(stagesBody([stage("lead", "open")])[0]).not.toHaveProperty("key");
});
