import { expect, test } from "vitest";
import type { Row } from "@/api/types";
import { bestOf, progressOf, type Step, type Template } from "./template";

const template = (name: string, asks: Partial<Template>): Template => ({
  id: name,
  name,
  kind_id: null,
  customer_class: null,
  industry: null,
  version: { id: `${name}-1`, number: 1, steps: [], created_at: "" },
  ...asks,
});
const customer = (fields: object) => fields as Row;

test("the template that asks for most and finds it is taken", () => {
  const all = [
    template("any", {}),
    template("first", { kind_id: "k1" }),
    template("key", { kind_id: "k1", customer_class: "key_account" }),
    template("machines", { kind_id: "k1", industry: "C34" }),
  ];
  expect(bestOf(all, "k1", customer({ class: "key_account" }))?.name).toBe("key");
  expect(bestOf(all, "k1", customer({ class: "ordinary", industry: "C3421" }))?.name).toBe(
    "machines",
  );
  expect(bestOf(all, "k1", undefined)?.name).toBe("first");
  expect(bestOf(all, "k2", undefined)?.name).toBe("any");
});

test("no template is better than one that doesn't fit", () => {
  expect(bestOf([template("key", { customer_class: "key_account" })], "k1", undefined)).toBe(
    undefined,
  );
});

test("only required steps count, and a no is an answer", () => {
  const step = (code: string, is_required: boolean): Step => ({
    code,
    name: code,
    type: "yes_no",
    is_required,
  });
  const steps = [step("a", true), step("b", true), step("c", false)];
  expect(progressOf(steps, { a: false, c: true })).toEqual({ done: 1, of: 2 });
  expect(progressOf([step("c", false)], {})).toEqual({ done: 0, of: 1 });
});
