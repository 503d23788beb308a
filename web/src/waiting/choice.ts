import type { Field } from "@/api/types";
import type { Write } from "@/shared/offline/offline";

export type Values = Record<string, unknown>;

/**
 * What can become of a conflict when the person keeps their own version: the same request once more, a change of what is
 * there now, a record of its own; undefined when it has come too late for all of them.
 */
export type Way = "again" | "overwrite" | "anew";

export function wayOf(write: Write): Way | undefined {
  if (write.problem?.status === 412) return write.overwrite ? "overwrite" : "again";
  if (write.problem?.code === "already_done") {
    return write.overwrite && write.overwrite.path !== write.path ? "overwrite" : undefined;
  }
  return write.anew ? "anew" : undefined;
}

/** What has happened meanwhile, as the person is told. */
export function storyOf(write: Write): "changed" | "done" | "gone" | "late" {
  const way = wayOf(write);
  if (!way) return "late";
  if (way === "anew") return "gone";
  return write.problem?.status === 412 ? "changed" : "done";
}

const isPlain = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the person begins to choose from: their own, and where both filled in a part of several values, those of both. */
export function startingBody(write: Write): Values {
  const body = (write.body ?? {}) as Values;
  if (write.state !== "conflict" || wayOf(write) !== "overwrite") return { ...body };
  return Object.fromEntries(
    Object.entries(body).map(([name, mine]) => {
      const theirs = write.theirs?.[name];
      return [name, isPlain(mine) && isPlain(theirs) ? { ...theirs, ...mine } : mine];
    }),
  );
}

/** Names of what was written beside the record's own fields, for instance the next activity that a visit leads to. */
export function leftOver(body: Values, fields: Field[]): string[] {
  const known = new Set(fields.map((field) => field.name));
  return Object.keys(body).filter(
    (name) => !known.has(name) && body[name] !== null && body[name] !== undefined,
  );
}

/** Fields that somebody else has changed since the person saw the record, other than those that the person wrote. */
export function changedMeanwhile(write: Write, fields: Field[]): Field[] {
  const { before, theirs } = write;
  if (!before || !theirs) return [];
  const body = (write.body ?? {}) as Values;
  return fields.filter(
    (field) =>
      !field.system &&
      !field.read_only &&
      !(field.name in body) &&
      !same(before[field.name], theirs[field.name]),
  );
}

/** Nothing was said: a switch that is off says as little as a field that was left empty. */
export const isNothing = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

export const same = (a: unknown, b: unknown) =>
  (isNothing(a) && isNothing(b)) || ordered(a) === ordered(b);

/** The record's fields to choose from: those that either version says something of, or that the server found wrong. */
export function fieldsToChoose(write: Write, body: Values, fields: Field[]): Field[] {
  const wrong = new Set((write.problem?.errors ?? []).map(({ pointer }) => pointer.split("/")[1]));
  return fields.filter(
    ({ name }) =>
      name in body &&
      (!isNothing(write.theirs?.[name]) ||
        !isNothing((write.body as Values)[name]) ||
        wrong.has(name)),
  );
}

/** The order of an object's members says nothing, and nothing said is nothing. */
function ordered(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    isPlain(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The write as it goes out once the person has seen the other version; `body` holds what they keep. */
export function keeping(write: Write, body: Values, fields: Field[]): Partial<Write> {
  const way = wayOf(write);
  if (way === "anew" && write.anew) {
    const { path } = write.anew;
    return {
      method: "POST",
      path,
      body: { ...write.anew.body, ...body },
      record_id: undefined,
      if_match: undefined,
      overwrite: undefined,
      anew: undefined,
    };
  }
  const if_match = write.theirs?.version ?? write.if_match;
  if (way !== "overwrite" || !write.overwrite) return { body, if_match };
  // A verb may say what a change of the record must not; all else goes along.
  const fixed = new Set(fields.filter((field) => field.read_only).map((field) => field.name));
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => !fixed.has(name)));
  return { ...write.overwrite, overwrite: undefined, body: own, if_match };
}
