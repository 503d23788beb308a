import type { Problem, Row } from "@/api/types";
import { ofPerson, result, transact } from "./database";

export type WriteState = "waiting" | "sending" | "conflict" | "refused";

export type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/** One thing that the person did, until the server has it. */
export type Write = {
  id: string;
  person_id: string;
  /** By this the server knows a repeated request; a new one only when its content changes. */
  key: string;
  method: Method;
  /** Below `/api`; may name a record that an earlier write makes, see `madeBy`. */
  path: string;
  body?: unknown;
  if_match?: number;
  /** What it is, as a text of the catalogue. */
  what: { key: string; params?: Record<string, string> };
  /** The record that it changes, or the resource in which it makes one. */
  resource?: string;
  record_id?: string;
  /** Where the same content goes when somebody else was faster and the person keeps their own version. */
  overwrite?: { method: Method; path: string };
  /** What makes a record of its own of it when the one that it was for has been called off or is gone. */
  anew?: { path: string; body: Record<string, unknown> };
  /** The record as the person saw it. */
  before?: Row;
  /** The write that it belongs to, as a photo belongs to a visit: it goes out after that one, and is dropped with it. */
  after?: string;
  /** How many files belong to it. */
  files: number;
  state: WriteState;
  made_at: number;
  /** Its place in the order of entering; the device's clock may be set back. */
  order: number;
  /** How often it was on its way. */
  attempts: number;
  problem?: Problem;
  /** What the server has instead, once that is known. */
  theirs?: Row;
};

export type WriteFile = { name: string; type: string; bytes: ArrayBuffer };

const prefix = "queued:";

/** Stands for the id of the record that this write will make, in paths and bodies of later writes. */
export const madeBy = (id: string) => `${prefix}${id}`;
export const isQueuedId = (id: string) => id.startsWith(prefix);

/** Whether `write` needs `other` to have gone out before it. */
export const refersTo = (write: Write, other: Write) =>
  write.after === other.id ||
  JSON.stringify([write.path, write.body, write.record_id, write.overwrite, write.anew]).includes(
    madeBy(other.id),
  );

/** The write with the real id in place of the one that stood for it. */
function resolved(write: Write, made: string, id: string): Write {
  return JSON.parse(JSON.stringify(write).replaceAll(made, id)) as Write;
}

/** The person's writes in the order of entering. */
export async function allWrites(person_id: string): Promise<Write[]> {
  const found = await transact(["writes"], "readonly", (store) =>
    result<Write[]>(store("writes").index("order").getAll(ofPerson(person_id))),
  );
  return found ?? [];
}

/** How many writes wait on this device, for whoever they are. */
export async function countWrites(): Promise<number> {
  const count = await transact(["writes"], "readonly", (store) => result(store("writes").count()));
  return count ?? 0;
}

export async function filesOf(id: string): Promise<WriteFile[]> {
  const found = await transact(["files"], "readonly", (store) =>
    result<{ id: string; files: WriteFile[] } | undefined>(store("files").get(id)),
  );
  return found?.files ?? [];
}

/** A write with the files that go along. */
export type Loaded = { write: Write; files: WriteFile[] };

/** Keeps new writes of one person as the last ones, all or none. False when this browser keeps nothing. */
export async function addWrites(added: Loaded[]): Promise<boolean> {
  const [first] = added;
  if (!first) return true;
  const kept = await transact(["writes", "files"], "readwrite", async (store) => {
    const index = store("writes").index("order");
    const last = await result(index.openKeyCursor(ofPerson(first.write.person_id), "prev"));
    const order = last ? (last.key as [string, number])[1] + 1 : 0;
    for (const [place, { write, files }] of added.entries()) {
      store("writes").put({ ...write, order: order + place });
      if (files.length > 0) store("files").put({ id: write.id, files });
    }
    return true;
  });
  return kept ?? false;
}

/** Keeps writes again that were removed, at their old places. */
export async function restoreWrites(removed: Loaded[]): Promise<void> {
  await transact(["writes", "files"], "readwrite", (store) => {
    for (const { write, files } of removed) {
      store("writes").put(write);
      if (files.length > 0) store("files").put({ id: write.id, files });
    }
  });
}

/** Changes a write that is still there. */
export async function changeWrite(id: string, changes: Partial<Write>): Promise<void> {
  await transact(["writes"], "readwrite", async (store) => {
    const write = await result<Write | undefined>(store("writes").get(id));
    if (write) store("writes").put({ ...write, ...changes });
  });
}

/**
 * Changes a write that is to go out again. One that makes a record of its own from now on takes along what belongs to it:
 * the photos of a visit go to where the visit goes.
 */
export async function redirectWrite(id: string, changes: Partial<Write>): Promise<void> {
  await transact(["writes"], "readwrite", async (store) => {
    const all = await result<Write[]>(store("writes").getAll());
    const write = all.find((one) => one.id === id);
    if (!write) return;
    const next = { ...write, ...changes };
    store("writes").put(next);
    if (!write.record_id || next.record_id) return;
    for (const other of all) {
      if (other.after === id) store("writes").put(resolved(other, write.record_id, madeBy(id)));
    }
  });
}

export async function removeWrites(ids: string[]): Promise<void> {
  await transact(["writes", "files"], "readwrite", (store) => {
    for (const id of ids) {
      store("writes").delete(id);
      store("files").delete(id);
    }
  });
}

/**
 * The server has it: forgets the write, and in the same step tells the later ones the id of the record that it made and
 * the version that the record has now. A crash before this step repeats the request with the same key.
 */
export async function settleWrite(write: Write, answer: unknown): Promise<void> {
  const record = (answer ?? {}) as { id?: unknown; version?: unknown };
  const made = typeof record.id === "string" ? record.id : undefined;
  const version = typeof record.version === "number" ? record.version : undefined;
  await transact(["writes", "files"], "readwrite", async (store) => {
    const later = await result<Write[]>(store("writes").getAll());
    store("writes").delete(write.id);
    store("files").delete(write.id);
    for (const other of later) {
      if (other.id === write.id || other.person_id !== write.person_id) continue;
      let next = other;
      if (made && refersTo(other, write)) next = resolved(other, madeBy(write.id), made);
      const isSame =
        next.resource === write.resource && next.record_id === (write.record_id ?? made);
      const basedOnIt = write.record_id ? next.if_match === write.if_match : true;
      if (version !== undefined && isSame && basedOnIt && needsVersion(next)) {
        next = { ...next, if_match: version };
      }
      if (next !== other) store("writes").put(next);
    }
  });
}

/** Changes of a record need its version; verbs take it when the screen that made them knew one. */
const needsVersion = (write: Write) =>
  write.if_match !== undefined || write.method === "PATCH" || write.method === "DELETE";
