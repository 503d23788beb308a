import { newKey, ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import {
  addWrites,
  allWrites,
  changeWrite,
  filesOf,
  type Loaded,
  type Method,
  madeBy,
  redirectWrite,
  refersTo,
  removeWrites,
  restoreWrites,
  settleWrite,
  type Write,
  type WriteFile,
} from "./writes";

export type Sent = { data: unknown; batch: string | null };

/** How the queue reaches the world; tests put their own in. */
export type Ways = {
  send: (write: Write, files: WriteFile[]) => Promise<Sent>;
  /** Whose session the server sees; null when nobody's. Throws when it can't be asked. */
  whoIsSignedIn: () => Promise<string | null>;
  /** The record as the server has it now. */
  read: (resource: string, id: string) => Promise<Row>;
  now: () => number;
};

/** What a screen wants to have written. */
export type NewWrite = {
  method?: Method;
  path: string;
  body?: unknown;
  files?: File[];
  what: Write["what"];
  resource?: string;
  recordId?: string;
  ifMatch?: number;
  overwrite?: Write["overwrite"];
  anew?: Write["anew"];
  before?: Row;
};

/** What goes along with a write, given the id of the record that it writes or what stands for it. */
export type Along = (recordId: string) => NewWrite[];

/**
 * `sent`: the server has it. `queued`: it is safe on this device and goes out by itself; `recordId` stands for the record
 * that it will make. `conflict`: somebody else was faster, the person has to choose on the page of the write `id`.
 */
export type Outcome<T = Row> =
  | { state: "sent"; data: T; batch: string | null }
  | { state: "queued"; id: string; recordId: string }
  | { state: "conflict"; id: string };

export type QueueState = {
  writes: Write[];
  /** The server wants a new sign-in before it takes anything. */
  needsSignIn: boolean;
};

type Waiter = (outcome: Outcome<unknown> | { state: "refused"; error: ProblemError }) => void;
type Step = "on" | "stop";

/** How often a write may meet a fault of the server before it is put aside. */
const faults_max = 3;
/** A write younger than this was made under the session that the page is showing, in ms. */
const fresh_ms = 5_000;

const isUnreachable = (status: number) => [0, 408, 425, 429, 502, 503, 504].includes(status);
/** Somebody else was faster, and there are two versions to choose from. */
const isConflict = ({ problem }: ProblemError, write: Write) =>
  problem.status === 412 ||
  (problem.status === 409 && problem.code === "already_done") ||
  (write.anew !== undefined && (problem.status === 404 || problem.code === "already_cancelled"));

/** Sends what people wrote in the order of entering, once, and keeps what can't be sent. */
export class WriteQueue {
  private readonly ways: Ways;
  private readonly listeners = new Set<() => void>();
  private readonly waiters = new Map<string, Waiter>();
  private person: string | undefined;
  private state: QueueState = { writes: [], needsSignIn: false };
  private running: Promise<void> | undefined;
  private isAgain = false;
  /** Told after a run that sent something which no screen was waiting for. */
  onDelivered: () => void = () => undefined;

  constructor(ways: Ways) {
    this.ways = ways;
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };
  snapshot = () => this.state;

  private show(change: Partial<QueueState>) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Reads the kept writes anew, for instance because another tab changed them. */
  async reload(): Promise<void> {
    this.show({ writes: this.person ? await allWrites(this.person) : [] });
  }

  /** Whose writes these are from now on; undefined while nobody is signed in. */
  async actFor(person_id: string | undefined): Promise<void> {
    this.person = person_id;
    if (person_id) this.show({ needsSignIn: false });
    await this.reload();
  }

  /**
   * Keeps the write and what goes along with it in one step, then sends it if the server can be reached. Throws the
   * server's refusal, after which nothing is kept: the form still has what was typed.
   */
  async submit<T = Row>(wanted: NewWrite, along: Along = () => []): Promise<Outcome<T>> {
    const person_id = this.person;
    if (!person_id) throw new ProblemError({ title: "", status: 401, code: "not_signed_in" });
    const first = await this.loaded(wanted, person_id);
    const { write } = first;
    const others = await Promise.all(
      along(write.record_id ?? madeBy(write.id)).map((one) =>
        this.loaded(one, person_id, write.id),
      ),
    );
    // A full device keeps nothing more either.
    if (!(await addWrites([first, ...others]).catch(() => false))) {
      return this.sendUnkept<T>(first, along);
    }
    const outcome = new Promise<Parameters<Waiter>[0]>((resolve) => {
      this.waiters.set(write.id, resolve);
    });
    await this.reload();
    this.run().finally(() => {
      this.waiters.get(write.id)?.({ state: "queued", id: write.id, recordId: madeBy(write.id) });
      this.waiters.delete(write.id);
    });
    const told = await outcome;
    if (told.state === "refused") throw told.error;
    return told as Outcome<T>;
  }

  private async loaded(wanted: NewWrite, person_id: string, after?: string): Promise<Loaded> {
    const files = await Promise.all((wanted.files ?? []).map(read));
    const write: Write = {
      id: newKey(),
      key: newKey(),
      person_id,
      method: wanted.method ?? "POST",
      path: wanted.path,
      // As it will be sent: what is undefined is not said.
      body: wanted.body === undefined ? undefined : JSON.parse(JSON.stringify(wanted.body)),
      if_match: wanted.ifMatch,
      what: wanted.what,
      resource: wanted.resource,
      record_id: wanted.recordId,
      overwrite: wanted.overwrite,
      anew: wanted.anew,
      before: wanted.before,
      after,
      files: files.length,
      state: "waiting",
      made_at: this.ways.now(),
      order: 0,
      attempts: 0,
    };
    return { write, files };
  }

  /** Without storage there is no queue: it is sent now or not at all. */
  private async sendUnkept<T>({ write, files }: Loaded, along: Along): Promise<Outcome<T>> {
    const { data, batch } = await this.ways.send(write, files);
    const made = write.record_id ?? (data as Row | undefined)?.id;
    for (const one of made ? along(made) : []) {
      const next = await this.loaded(one, write.person_id);
      await this.ways.send(next.write, next.files);
    }
    return { state: "sent", data: data as T, batch };
  }

  /** Sends everything that can be sent. One run at a time, in this tab and in all others. */
  run(): Promise<void> {
    if (this.running) {
      this.isAgain = true;
      return this.running;
    }
    this.running = alone(async () => {
      do {
        this.isAgain = false;
        await this.sendAll();
      } while (this.isAgain);
    }).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async sendAll(): Promise<void> {
    let delivered = 0;
    let isChecked = false;
    for (;;) {
      const person = this.person;
      if (!person) break;
      const writes = await allWrites(person);
      const next = writes.find((write) => isSendable(write, writes));
      if (!next) break;
      // What lay here for a while may only go out under the session of the one who wrote it.
      if (!isChecked && next.made_at < this.ways.now() - fresh_ms) {
        if (!(await this.isOwnSession(person))) break;
        isChecked = true;
      }
      const isAwaited = this.waiters.has(next.id);
      if ((await this.sendOne(next)) === "stop") break;
      if (!isAwaited) delivered += 1;
    }
    await this.reload();
    if (delivered > 0) this.onDelivered();
  }

  private async isOwnSession(person: string): Promise<boolean> {
    try {
      const signedIn = await this.ways.whoIsSignedIn();
      this.show({ needsSignIn: signedIn !== person });
      return signedIn === person;
    } catch {
      return false;
    }
  }

  private async sendOne(write: Write): Promise<Step> {
    await this.note(write, { state: "sending", attempts: write.attempts + 1 });
    const waiter = this.waiters.get(write.id);
    try {
      const files = write.files > 0 ? await filesOf(write.id) : [];
      const sent = await this.ways.send(write, files);
      await settleWrite(write, sent.data);
      await this.reload();
      this.tell(write, { state: "sent", ...sent });
      return "on";
    } catch (error) {
      const status = error instanceof ProblemError ? error.status : 0;
      if (!(error instanceof ProblemError) || isUnreachable(status) || status === 401) {
        await this.note(write, { state: "waiting", problem: undefined });
        if (status === 401) this.show({ needsSignIn: true });
        return "stop";
      }
      if (error.status >= 500 && write.attempts + 1 < faults_max) {
        await this.note(write, { state: "waiting", problem: error.problem });
        return "stop";
      }
      if (isConflict(error, write)) {
        const theirs = await this.theirs(write);
        await this.note(write, { state: "conflict", problem: error.problem, theirs });
        this.tell(write, { state: "conflict", id: write.id });
        return "on";
      }
      if (waiter) {
        const all = await allWrites(write.person_id);
        const gone = all.filter((other) => other.id === write.id || other.after === write.id);
        await removeWrites(gone.map((other) => other.id));
        await this.reload();
        this.tell(write, { state: "refused", error });
      } else {
        await this.note(write, { state: "refused", problem: error.problem });
      }
      return "on";
    }
  }

  private async theirs(write: Write): Promise<Row | undefined> {
    if (!write.resource || !write.record_id) return undefined;
    try {
      return await this.ways.read(write.resource, write.record_id);
    } catch {
      return undefined;
    }
  }

  private tell(write: Write, outcome: Parameters<Waiter>[0]) {
    this.waiters.get(write.id)?.(outcome);
    this.waiters.delete(write.id);
  }

  private async note(write: Write, changes: Partial<Write>): Promise<void> {
    await changeWrite(write.id, changes);
    this.show({
      writes: this.state.writes.map((known) =>
        known.id === write.id ? { ...known, ...changes } : known,
      ),
    });
  }

  /** Lets a write go out again, perhaps with other content. What was refused had no effect, so it gets a new key. */
  async retry(id: string, changes: Partial<Write> = {}): Promise<void> {
    await redirectWrite(id, {
      ...changes,
      key: newKey(),
      state: "waiting",
      attempts: 0,
      problem: undefined,
      theirs: undefined,
    });
    await this.reload();
    await this.run();
  }

  /** Forgets a write and those that need what it would have made. Answers what `restore` takes back. */
  async discard(id: string): Promise<Loaded[]> {
    const { writes } = this.state;
    const gone = writes.filter((write) => write.id === id);
    for (const write of writes) {
      if (!gone.includes(write) && gone.some((other) => refersTo(write, other))) gone.push(write);
    }
    const kept = await Promise.all(
      gone.map(async (write) => ({ write, files: await filesOf(write.id) })),
    );
    await removeWrites(gone.map((write) => write.id));
    await this.reload();
    return kept;
  }

  async restore(discarded: Loaded[]): Promise<void> {
    await restoreWrites(discarded);
    await this.reload();
  }
}

/** In order: not before what it needs, and not past an undecided conflict about the same record. */
function isSendable(write: Write, all: Write[]): boolean {
  if (write.state !== "waiting" && write.state !== "sending") return false;
  return all.every((other) => {
    if (other === write) return true;
    if (refersTo(write, other)) return false;
    const isSame =
      write.record_id !== undefined &&
      other.record_id === write.record_id &&
      other.resource === write.resource;
    return !(isSame && other.state === "conflict");
  });
}

/** Nothing else in this browser sends meanwhile. Plain-HTTP addresses have no locks; there the keys alone must do. */
async function alone(work: () => Promise<void>): Promise<void> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (locks) await locks.request("chengdan.writes", work);
  else await work();
}

async function read(file: File): Promise<WriteFile> {
  return { name: file.name, type: file.type, bytes: await file.arrayBuffer() };
}
