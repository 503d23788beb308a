import { expect, test } from "vitest";
import { choiceOf, isChosen, withEvent, withResource } from "./chosen";

const verbs = ["create", "update", "delete"];

test("all of a resource is written as its star", () => {
  const chosen = withResource(["teams.create", "customers.create"], "customers", true);
  expect(chosen).toEqual(["teams.create", "customers.*"]);
  expect(choiceOf(chosen, "customers")).toBe("all");
  expect(isChosen(chosen, "customers", "delete")).toBe(true);
});

test("all but one are named one by one", () => {
  const chosen = withEvent(["customers.*"], "customers", "update", verbs);
  expect(chosen).toEqual(["customers.create", "customers.delete"]);
  expect(choiceOf(chosen, "customers")).toBe("some");
});

test("an event is taken and left again", () => {
  const taken = withEvent(["teams.*"], "customers", "create", verbs);
  expect(taken).toEqual(["teams.*", "customers.create"]);
  expect(withEvent(taken, "customers", "create", verbs)).toEqual(["teams.*"]);
});

test("a resource whose name begins like another's is not touched", () => {
  const chosen = withResource(["products.create", "product_lines.create"], "products", false);
  expect(chosen).toEqual(["product_lines.create"]);
});
