import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Me, Page, Row } from "@/api/types";
import { closeDatabase } from "./database";
import { countAnswers, forgetReads, keepAnswersOf, keepReadsOf, readCache } from "./reads";

const me = (id: string, preview: Me["preview"] = null): Me => ({
  person: {
    id,
    name: id,
    email: null,
    mobile: null,
    title: null,
    team_id: null,
    team_name: null,
    language: "zh-CN",
    time_zone: "Asia/Shanghai",
  },
  roles: [],
  is_admin: false,
  can: {},
  preview,
  unread_notifications: 0,
  company_name: "",
  currency: "CNY",
});

const customer = (id: string, values: object): Row => ({
  id,
  version: 1,
  created_at: "",
  created_by: null,
  updated_at: "",
  updated_by: null,
  can: [],
  ...values,
});

const list = (rows: Row[], labels = {}): Page => ({
  rows,
  labels,
  total: { count: rows.length, exact: true },
  page: 1,
  page_size: 50,
});

const answered = (path: string, data: unknown, query?: Record<string, string>) =>
  readCache.begin(path, query)(data);

beforeEach(async () => {
  keepAnswersOf(["customers", "today"]);
  await keepReadsOf(me("li"));
});
afterEach(async () => {
  await forgetReads();
  await closeDatabase();
});

describe("answers on this device", () => {
  test("are given back for the same question, however its parts are ordered", async () => {
    await answered("/today", { plan: [] }, { day: "2026-11-24", a: "1" });
    expect(await readCache.recall("/today", { a: "1", day: "2026-11-24" })).toEqual({ plan: [] });
    expect(await readCache.recall("/today", { day: "2026-11-25", a: "1" })).toBeUndefined();
  });

  test("what isn't named is not kept", async () => {
    await answered("/audit", { rows: [] });
    expect(await readCache.recall("/audit")).toBeUndefined();
  });

  test("the last session opens again, and its end leaves nothing", async () => {
    await answered("/today", { plan: [] });
    expect(await readCache.recall("/session")).toMatchObject({ person: { id: "li" } });
    await readCache.forget();
    expect(await readCache.recall("/session")).toBeUndefined();
    await keepReadsOf(me("li"));
    expect(await readCache.recall("/today")).toBeUndefined();
  });

  test("another person who signs in finds nothing of the one before", async () => {
    await answered("/today", { plan: ["secret"] });
    await keepReadsOf(me("wang"));
    expect(await readCache.recall("/today")).toBeUndefined();
    expect(await countAnswers("li")).toBe(0);
  });

  test("an answer that was asked under another session is nobody's to keep", async () => {
    const keep = readCache.begin("/today");
    await keepReadsOf(me("wang"));
    await keep({ plan: ["secret"] });
    expect(await readCache.recall("/today")).toBeUndefined();
  });

  test("looking through another person's eyes leaves nothing", async () => {
    await keepReadsOf(me("wang", { by_id: "li", by_name: "李" }));
    await answered("/today", { plan: ["hers"] });
    expect(await countAnswers("wang")).toBe(0);
  });

  test("there are never more than the bound", async () => {
    for (let day = 0; day < 660; day += 1) await answered("/today", { day }, { day: String(day) });
    expect(await countAnswers("li")).toBeLessThanOrEqual(650);
    expect(await readCache.recall("/today", { day: "0" })).toBeUndefined();
    expect(await readCache.recall("/today", { day: "659" })).toEqual({ day: 659 });
  });
});

describe("records on this device", () => {
  beforeEach(async () => {
    await answered(
      "/customers",
      list(
        [
          customer("a", { name: "海川机电", level: "A", owner_id: "li", parent_id: null }),
          customer("b", { name: "华信", level: "B", owner_id: "wang", parent_id: "a" }),
        ],
        { li: "李明", wang: "王芳" },
      ),
    );
  });

  test("a record opens that was only seen in a list", async () => {
    expect(await readCache.recall("/customers/b")).toMatchObject({
      name: "华信",
      labels: { wang: "王芳" },
    });
  });

  test("lists are filtered, sorted and searched on the device", async () => {
    const ask = async (query: Record<string, string>) =>
      ((await readCache.recall("/customers", query)) as Page | undefined)?.rows.map(
        (row) => row.id,
      );
    const filter = (tree: object) => ({ filter: JSON.stringify(tree) });
    expect(await ask({ sort: "-level" })).toEqual(["b", "a"]);
    expect(await ask({ q: "海川" })).toEqual(["a"]);
    expect(await ask(filter({ field: "owner_id", op: "in", value: ["me"] }))).toEqual(["a"]);
    expect(await ask(filter({ field: "parent_id", op: "in", value: ["a"] }))).toEqual(["b"]);
    expect(await ask(filter({ not: { field: "parent_id", op: "empty" } }))).toEqual(["b"]);
  });

  test("what only the server can tell has no answer here", async () => {
    const filter = JSON.stringify({ field: "owner_id", op: "in", value: ["my_team"] });
    expect(await readCache.recall("/customers", { filter })).toBeUndefined();
    expect(await readCache.recall("/customers/b/timeline")).toBeUndefined();
  });
});
