import type { Field } from "@/api/types";
import type { Write } from "@/shared/offline/offline";

export type Values = Record<string, unknown>;

/** What was written beside the record's own fields, for instance the next activity that a visit leads to. */
export function leftOver(body: Values, fields: Field[]): [string, unknown][] {
  const known = new Set(fields.map((field) => field.name));
  return Object.entries(body).filter(
    ([name, value]) => !known.has(name) && value !== null && value !== undefined,
  );
}

/** The write as it goes out once the person has seen the other version and keeps their own. */
export function overwriting(write: Write, body: Values, fields: Field[]): Partial<Write> {
  const if_match = write.theirs?.version ?? write.if_match;
  if (!write.overwrite) return { body, if_match };
  // The plain change of a record takes nothing but its fields.
  const writable = new Set(fields.filter((field) => !field.read_only).map((field) => field.name));
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => writable.has(name)));
  return { ...write.overwrite, overwrite: undefined, body: own, if_match };
}
