import { expect, test } from "vitest";
import type { Row } from "@/api/types";
import { treeOf } from "./tree";

const team = (id: string, parent_id: string | null): Row => ({
  id,
  parent_id,
  version: 1,
  created_at: "",
  created_by: null,
  updated_at: "",
  updated_by: null,
  can: [],
});

test("teams stand below their parents, and those with an unseen parent at the root", () => {
  const tree = treeOf([team("b", "a"), team("a", null), team("c", "b"), team("d", "elsewhere")]);
  expect(tree.map((node) => node.row.id)).toEqual(["a", "d"]);
  expect(tree[0]?.children[0]?.row.id).toBe("b");
  expect(tree[0]?.children[0]?.children[0]?.row.id).toBe("c");
});
