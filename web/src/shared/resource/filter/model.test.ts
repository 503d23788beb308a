import { expect, test } from "vitest";
import type { Filter } from "@/api/types";
import { countOf, filterOf, groupOf, newCondition, newGroup } from "./model";

const tree: Filter = {
  and: [
    { field: "level", op: "in", value: ["A"] },
    {
      or: [
        { field: "region", op: "in", value: ["33"] },
        { field: "owner_id", op: "empty" },
      ],
    },
  ],
};

test("a filter tree survives a round trip through the builder", () => {
  expect(filterOf(groupOf(tree))).toEqual(tree);
  expect(filterOf(groupOf({ not: tree }))).toEqual({ not: tree });
});

test("unfinished conditions and empty groups are not sent", () => {
  const group = newGroup();
  group.items = [newCondition("name", "contains"), newGroup("or"), newCondition("phone", "empty")];
  expect(filterOf(group)).toEqual({ field: "phone", op: "empty" });
  group.items = [{ ...newCondition("amount", "between"), value: [1, undefined] }];
  expect(filterOf(group)).toBeNull();
});

test("conditions are counted however deep they stand", () => {
  expect(countOf(tree)).toBe(3);
  expect(countOf(null)).toBe(0);
});

test("a part that the builder can't edit stays as the figure gave it", () => {
  const way: Filter = { has: "stages", with: { field: "passed_at", op: "not_empty" } };
  const figure: Filter = { and: [{ field: "process_id", op: "in", value: ["p"] }, way] };
  expect(filterOf(groupOf(figure))).toEqual(figure);
  expect(filterOf(groupOf(way))).toEqual(way);
});
