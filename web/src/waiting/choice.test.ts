import { describe, expect, test } from "vitest";
import type { Field, Problem, Row } from "@/api/types";
import type { Write } from "@/shared/offline/offline";
import { changedMeanwhile, fieldsToChoose, keeping, leftOver, startingBody, wayOf } from "./choice";

const field = (name: string, more: Partial<Field> = {}) =>
  ({ name, read_only: false, system: false, ...more }) as Field;
const fields = [
  field("result"),
  field("outcome"),
  field("purpose"),
  field("answers"),
  field("contact_ids"),
  field("logged_at", { read_only: true }),
];
const follow_up = { kind_id: "k", planned_start_at: "2026-11-24T01:30:00Z", purpose: "谈价格" };
const problem = (status: number, code: string): Problem => ({ title: "", status, code });
const theirs = {
  version: 7,
  result: "他们写的",
  purpose: "看样机",
  answers: { needs: "低噪音", budget: 5 },
} as unknown as Row;

const write = (more: Partial<Write> = {}): Write => ({
  id: "w",
  person_id: "p",
  key: "k",
  method: "POST",
  path: "/activities/a/finish",
  body: { result: "我写的", answers: { needs: "价格" }, follow_up },
  what: { key: "activities:waiting.logged" },
  resource: "activities",
  record_id: "a",
  overwrite: { method: "PATCH", path: "/activities/a" },
  anew: { path: "/activities", body: { subject: "初访", customer_id: "c", state: "done" } },
  files: 0,
  state: "conflict",
  made_at: 0,
  order: 0,
  attempts: 1,
  problem: problem(409, "already_done"),
  theirs,
  ...more,
});

describe("somebody else was faster", () => {
  test("keeping mine sends all that was typed, also what is no field of the record", () => {
    const kept = keeping(write(), startingBody(write()), fields);
    expect(kept).toMatchObject({ method: "PATCH", path: "/activities/a", if_match: 7 });
    expect(kept.body).toMatchObject({ result: "我写的", follow_up });
    expect(kept.overwrite).toBe(undefined);
  });

  test("answers that only the other gave are kept beside mine", () => {
    expect(startingBody(write())).toMatchObject({ answers: { needs: "价格", budget: 5 } });
  });

  test("what the server sets by itself is not sent as a change", () => {
    const body = { result: "我写的", logged_at: "2026-11-22T00:00:00Z" };
    expect(keeping(write({ body }), body, fields).body).toEqual({ result: "我写的" });
  });

  test("a change with a newer version goes out again on top of it", () => {
    const mine = write({ overwrite: undefined, problem: problem(412, "stale_version") });
    expect(wayOf(mine)).toBe("again");
    expect(keeping(mine, { result: "我写的" }, fields)).toEqual({
      body: { result: "我写的" },
      if_match: 7,
    });
  });

  test("what comes too late for every way can only be dropped", () => {
    const path = "/activities/a/move";
    const moved = write({ path, overwrite: { method: "POST", path }, anew: undefined });
    expect(wayOf(moved)).toBe(undefined);
  });

  test("what else was changed meanwhile is told, and nothing that is as the person saw it", () => {
    const before = { result: "", purpose: "", outcome: null } as unknown as Row;
    const names = changedMeanwhile(write({ before }), fields).map(({ name }) => name);
    expect(names).toEqual(["purpose"]);
  });
});

test("a visit whose plan was called off becomes a record of its own", () => {
  const mine = write({ problem: problem(409, "already_cancelled") });
  expect(wayOf(mine)).toBe("anew");
  const kept = keeping(mine, startingBody(mine), fields);
  expect(kept).toMatchObject({ method: "POST", path: "/activities", record_id: undefined });
  expect(kept.body).toEqual({
    subject: "初访",
    customer_id: "c",
    state: "done",
    result: "我写的",
    answers: { needs: "价格" },
    follow_up,
  });
});

test("what is no field stands beside the fields", () => {
  expect(leftOver({ result: "a", follow_up, check_in: null }, fields)).toEqual(["follow_up"]);
});

test("what neither version says anything of is nothing to choose", () => {
  const body = { result: "我写的", contact_ids: [], outcome: null };
  const mine = write({ body, theirs: { outcome: "effective" } as unknown as Row });
  const names = fieldsToChoose(mine, body, fields).map(({ name }) => name);
  expect(names).toEqual(["result", "outcome"]);
});
