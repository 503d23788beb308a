import type { Query, ReadCache } from "@/api/request";
import type { Labels, Me, Page, Row } from "@/api/types";
import { ofPerson, result, type StoreName, transact } from "./database";
import { type Rows, select } from "./select";

/** Bounds of what a device keeps of one person's answers. */
const answers_max = 600;
const rows_max = 6_000;
const text_max = 600_000;
/** So often, counted in kept answers, what is over the bounds is dropped. */
const prune_every = 50;

type Kept = { person_id: string; address: string; at: number; data: unknown };
type KeptRow = {
  person_id: string;
  resource: string;
  id: string;
  at: number;
  row: Row;
  labels: Labels;
};
type Device = { name: "session"; me: Me };

/** Which first parts of addresses are kept; `session` and `meta` always are. */
let kept = new Set<string>();
let person: string | undefined;
let untilPrune = prune_every;

/** `resources`: those whose lists and records open without a network. `paths`: other first parts of addresses. */
export function keepAnswersOf(paths: string[]): void {
  kept = new Set(["session", "meta", ...paths]);
}

const firstPart = (path: string) => path.split("/")[1] ?? "";

function addressOf(path: string, query?: Query): string {
  const asked = Object.entries(query ?? {})
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return asked.length > 0 ? `${path}?${JSON.stringify(asked)}` : path;
}

/** Rows and their labels in an answer of the usual shapes: a record, or a list of records. */
function rowsIn(resource: string, path: string, data: unknown): { rows: Row[]; labels: Labels } {
  const parts = path.split("/").length - 1;
  const answer = (data ?? {}) as Partial<Row> & { rows?: Row[]; labels?: Labels };
  const labels = answer.labels ?? {};
  const isRow = (value: unknown): value is Row =>
    typeof (value as Row | null)?.id === "string" &&
    typeof (value as Row | null)?.version === "number";
  if (parts === 2 && isRow(answer) && path === `/${resource}/${answer.id}`) {
    return { rows: [answer], labels };
  }
  if (parts === 1 && Array.isArray(answer.rows)) return { rows: answer.rows.filter(isRow), labels };
  return { rows: [], labels };
}

/** The labels that this row needs, so that it can stand alone. */
function labelsOf(row: Row, labels: Labels): Labels {
  const text = JSON.stringify(row);
  return Object.fromEntries(Object.entries(labels).filter(([id]) => text.includes(id)));
}

async function keep(person_id: string, path: string, query: Query | undefined, data: unknown) {
  const resource = firstPart(path);
  if (JSON.stringify(data ?? null).length > text_max) return;
  const { rows, labels } = rowsIn(resource, path, data);
  const at = Date.now();
  await transact(["answers", "rows"], "readwrite", (store) => {
    store("answers").put({
      person_id,
      address: addressOf(path, query),
      at,
      data,
    } satisfies Kept);
    for (const row of rows) {
      store("rows").put({
        person_id,
        resource,
        id: row.id,
        at,
        row,
        labels: labelsOf(row, labels),
      } satisfies KeptRow);
    }
  });
  untilPrune -= 1;
  if (untilPrune <= 0) {
    untilPrune = prune_every;
    await prune("answers", answers_max);
    await prune("rows", rows_max);
  }
}

/** Drops the oldest above the bound. */
async function prune(name: StoreName, max: number): Promise<void> {
  await transact([name], "readwrite", async (store) => {
    let over = (await result(store(name).count())) - max;
    if (over <= 0) return;
    const request = store(name).index("at").openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || over <= 0) return;
      over -= 1;
      cursor.delete();
      cursor.continue();
    };
  });
}

/**
 * Whose answers are kept from now on. Those of anybody else are dropped; an administrator who looks through another
 * person's eyes leaves nothing of what they see.
 */
export async function keepReadsOf(me: Me): Promise<void> {
  person = me.preview ? undefined : me.person.id;
  if (me.preview) return;
  await transact(["answers", "rows", "device"], "readwrite", async (store) => {
    const before = await result<Device | undefined>(store("device").get("session"));
    if (before && before.me.person.id !== me.person.id) {
      store("answers").clear();
      store("rows").clear();
    }
    store("device").put({ name: "session", me } satisfies Device);
  });
}

async function lastSession(): Promise<Me | undefined> {
  const found = await transact(["device"], "readonly", (store) =>
    result<Device | undefined>(store("device").get("session")),
  );
  return found?.me;
}

/** Forgets all that was read, for whoever; what waits to be sent stays. */
export async function forgetReads(): Promise<void> {
  person = undefined;
  await transact(["answers", "rows", "device"], "readwrite", (store) => {
    for (const name of ["answers", "rows", "device"] as const) store(name).clear();
  });
}

async function recall(path: string, query?: Query): Promise<unknown> {
  if (path === "/session") {
    const me = await lastSession();
    person = me?.person.id;
    return me;
  }
  const person_id = person;
  if (!person_id || !kept.has(firstPart(path))) return undefined;
  const answer = await transact(["answers"], "readonly", (store) =>
    result<Kept | undefined>(store("answers").get([person_id, addressOf(path, query)])),
  );
  if (answer) return answer.data;
  return fromRows(person_id, path, query);
}

/** An answer put together from the records that this device has, for what was never asked exactly so. */
async function fromRows(person_id: string, path: string, query?: Query): Promise<unknown> {
  const [, resource = "", id, ...rest] = path.split("/");
  if (rest.length > 0) return undefined;
  const rows = await transact(["rows"], "readonly", async (store) => {
    if (!id) {
      const range = IDBKeyRange.bound([person_id, resource], [person_id, resource, []]);
      return result<KeptRow[]>(store("rows").getAll(range));
    }
    const row = await result<KeptRow | undefined>(store("rows").get([person_id, resource, id]));
    return row ? [row] : [];
  });
  const [first] = rows ?? [];
  if (id) return first && { ...first.row, labels: { ...first.labels, ...first.row.labels } };
  // No record of a resource that was never asked for says nothing about how many there are.
  if (!rows || (!first && !(await wasAsked(person_id, resource)))) return undefined;
  return select(rows satisfies Rows, query ?? {}, person_id);
}

/** Whether a list of the resource was ever answered. */
async function wasAsked(person_id: string, resource: string): Promise<boolean> {
  const lists = IDBKeyRange.bound([person_id, `/${resource}?`], [person_id, `/${resource}?\uffff`]);
  const first = await transact(["answers"], "readonly", (store) =>
    result<Kept | undefined>(store("answers").get(lists)),
  );
  const answer = first?.data as Partial<Page> | undefined;
  return answer?.rows !== undefined && answer.total !== undefined;
}

export const readCache: ReadCache = {
  begin(path, query) {
    const person_id = person;
    return async (data) => {
      try {
        if (path === "/session") await keepReadsOf(data as Me);
        // Asked under one session and answered under another: nobody's to keep.
        else if (person_id && person_id === person && kept.has(firstPart(path))) {
          await keep(person_id, path, query, data);
        }
      } catch {
        // A full device keeps nothing more; the answer itself is on its way.
      }
    };
  },
  recall: (path, query) => recall(path, query).catch(() => undefined),
  forget: forgetReads,
};

/** How many answers are kept for a person. For tests. */
export async function countAnswers(person_id: string): Promise<number> {
  const count = await transact(["answers"], "readonly", (store) =>
    result(store("answers").count(ofPerson(person_id))),
  );
  return count ?? 0;
}
