import { describe, expect, test } from "vitest";
import type { Mapping, Target } from "../api";
import { doubled, emptyMapping, fitting, missingTargets, withMeaning } from "./mapping";

const target = (field: string, type: Target["type"], required: boolean): Target => ({
  field,
  type,
  required,
  unique: false,
  label: { "zh-CN": field, en: field },
  choices: [],
  matches: [],
});
const targets = [
  target("name", "text", true),
  target("level", "choice", false),
  target("customer_id", "reference", true),
];
const mapping: Mapping = { ...emptyMapping, columns: { 名称: { field: "name" }, 等级: null } };

describe("a mapping of columns to fields", () => {
  test("names the required fields that nothing fills, unless records are only updated", () => {
    expect(missingTargets(mapping, targets).map((target) => target.field)).toEqual(["customer_id"]);
    const constant = { ...mapping, constants: { customer_id: "海川" } };
    expect(missingTargets(constant, targets)).toEqual([]);
    const blank = { ...mapping, constants: { customer_id: "" } };
    expect(missingTargets(blank, targets)).toHaveLength(1);
    expect(missingTargets({ ...mapping, mode: "update" }, targets)).toEqual([]);
  });

  test("notices two columns for one field", () => {
    const two = { ...mapping, columns: { a: { field: "name" }, b: { field: "name" }, c: null } };
    expect([...doubled(two)]).toEqual(["name"]);
  });

  test("learns what a word means, and forgets it again", () => {
    const taught = withMeaning(mapping, "名称", "GTXPro", "GTX Pro");
    expect(taught.columns.名称?.values).toEqual({ GTXPro: "GTX Pro" });
    expect(withMeaning(taught, "名称", "GTXPro", null).columns.名称?.values).toEqual({});
    expect(withMeaning(mapping, "等级", "A类", "A")).toBe(mapping);
  });

  test("a kept mapping loses the columns that this file lacks", () => {
    const kept = fitting({ ...mapping, columns: { 名称: { field: "name" }, 旧列: null } }, [
      { name: "名称", samples: [] },
    ]);
    expect(Object.keys(kept.columns)).toEqual(["名称"]);
  });
});
