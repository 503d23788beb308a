import { describe, expect, test } from "vitest";
import { grantsOf, nameOfScope, withRule, withScope } from "./grants";

describe("a role's grants", () => {
  test("taking away the last action leaves nothing of the resource", () => {
    const grants = withScope(grantsOf(null), "customers", "read", "own");
    expect(grants.resources).toEqual({ customers: { read: "own" } });
    expect(withScope(grants, "customers", "read", undefined).resources).toEqual({});
  });

  test("named teams are told by their name and keep their ids", () => {
    const grants = withScope(grantsOf({}), "customers", "read", { named_teams: ["t1"] });
    expect(nameOfScope(grants.resources.customers?.read)).toBe("named_teams");
    expect(nameOfScope(undefined)).toBe("none");
  });

  test("a field rule can be set and lifted", () => {
    const grants = withRule(grantsOf({}), "contacts", "mobile", "mask");
    expect(grants.fields).toEqual({ contacts: { mobile: "mask" } });
    expect(withRule(grants, "contacts", "mobile", undefined).fields).toEqual({});
  });
});
