/** How far an action reaches; `null` is not at all. Named teams carry their ids. */
export type Scope =
  | "own"
  | "own_and_subordinates"
  | "team"
  | "team_and_below"
  | "all"
  | { named_teams: string[] };

export type FieldRule = "mask" | "hide";

export type Grants = {
  resources: Record<string, Record<string, Scope>>;
  fields: Record<string, Record<string, FieldRule>>;
};

export const actions = [
  "read",
  "create",
  "edit",
  "delete",
  "transfer",
  "export",
  "import",
  "approve",
  "configure",
] as const;

/** Actions on existing records, whose reach can be narrowed; the others are allowed or not. */
export const reaching = new Set<string>(["read", "edit", "delete", "transfer", "export"]);

export const scopeNames = [
  "own",
  "own_and_subordinates",
  "team",
  "team_and_below",
  "named_teams",
  "all",
] as const;

export type ScopeName = (typeof scopeNames)[number];

export const nameOfScope = (scope: Scope | undefined): ScopeName | "none" =>
  scope === undefined ? "none" : typeof scope === "object" ? "named_teams" : scope;

export function grantsOf(value: unknown): Grants {
  const given = (value ?? {}) as Partial<Grants>;
  return { resources: given.resources ?? {}, fields: given.fields ?? {} };
}

/** The grants with one cell changed; a resource without any action is left out. */
export function withScope(
  grants: Grants,
  resource: string,
  action: string,
  scope: Scope | undefined,
): Grants {
  const { [action]: _, ...others } = grants.resources[resource] ?? {};
  const next = scope === undefined ? others : { ...others, [action]: scope };
  const { [resource]: __, ...rest } = grants.resources;
  return {
    ...grants,
    resources: Object.keys(next).length > 0 ? { ...rest, [resource]: next } : rest,
  };
}

export function withRule(
  grants: Grants,
  resource: string,
  field: string,
  rule: FieldRule | undefined,
): Grants {
  const { [field]: _, ...others } = grants.fields[resource] ?? {};
  const next = rule === undefined ? others : { ...others, [field]: rule };
  const { [resource]: __, ...rest } = grants.fields;
  return {
    ...grants,
    fields: Object.keys(next).length > 0 ? { ...rest, [resource]: next } : rest,
  };
}
