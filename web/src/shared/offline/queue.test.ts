import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { closeDatabase } from "./database";
import { type NewWrite, type Outcome, WriteQueue } from "./queue";
import { madeBy, type Write, type WriteFile } from "./writes";

const li = "0190-li";
const wang = "0190-wang";

const row = (id: string, version: number, values: object = {}): Row => ({
  id,
  version,
  created_at: "",
  created_by: null,
  updated_at: "",
  updated_by: null,
  can: [],
  ...values,
});

const problem = (status: number, code: string) => new ProblemError({ title: "", status, code });

/** A server that does each key once and answers a repeated one as the first time. */
class Server {
  isReachable = true;
  /** The answer of the next request is lost after the server did its work. */
  losesAnswer = false;
  signedIn: string | null = li;
  done: Write[] = [];
  files: WriteFile[] = [];
  tried = 0;
  refuse: (write: Write) => ProblemError | undefined = () => undefined;
  theirs: Row = row("r", 7);
  now = 1_000_000;
  private answers = new Map<string, unknown>();

  ways = {
    send: async (write: Write, files: WriteFile[]) => {
      this.tried += 1;
      if (!this.isReachable) throw problem(0, "unreachable");
      if (this.signedIn === null) throw problem(401, "not_signed_in");
      const known = this.answers.get(write.key);
      if (known) return { data: known, batch: null };
      const refused = this.refuse(write);
      if (refused) throw refused;
      this.done.push(write);
      this.files.push(...files);
      const data = row(write.record_id ?? `made-${this.done.length}`, (write.if_match ?? 0) + 1);
      this.answers.set(write.key, data);
      if (this.losesAnswer) {
        this.losesAnswer = false;
        throw problem(0, "unreachable");
      }
      return { data, batch: "b" };
    },
    whoIsSignedIn: async () => {
      if (!this.isReachable) throw problem(0, "unreachable");
      return this.signedIn;
    },
    read: async () => this.theirs,
    now: () => this.now,
  };

  /** A page that was opened on this device by the person. */
  async page(person: string | undefined = li): Promise<WriteQueue> {
    const queue = new WriteQueue(this.ways);
    await queue.actFor(person);
    return queue;
  }
}

const comment = (text: string, more: Partial<NewWrite> = {}): NewWrite => ({
  path: "/customers/c/comments",
  body: { body: text },
  what: { key: "waiting:comment" },
  ...more,
});

const bodies = (writes: Write[]) => writes.map((write) => (write.body as { body: string }).body);

function idOf(outcome: Outcome<unknown>): string {
  if (outcome.state !== "queued") throw new Error(`expected queued, got ${outcome.state}`);
  return outcome.id;
}

let server: Server;
beforeEach(() => {
  server = new Server();
});
afterEach(async () => {
  await closeDatabase();
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase("chengdan");
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
});

describe("with a network", () => {
  test("a write is sent at once and leaves nothing behind", async () => {
    const queue = await server.page();
    const outcome = await queue.submit(comment("a"));
    expect(outcome).toMatchObject({ state: "sent", batch: "b", data: { id: "made-1" } });
    expect(queue.snapshot().writes).toEqual([]);
  });

  test("a refusal goes back to the form and leaves nothing behind", async () => {
    const queue = await server.page();
    server.refuse = () => problem(422, "invalid");
    await expect(queue.submit(comment("a"))).rejects.toMatchObject({ code: "invalid" });
    expect(queue.snapshot().writes).toEqual([]);
  });

  test("files go along", async () => {
    const queue = await server.page();
    const photo = new File([new Uint8Array([1, 2, 3])], "门头.jpg", { type: "image/jpeg" });
    await queue.submit(comment("a", { files: [photo] }));
    expect(server.files).toMatchObject([{ name: "门头.jpg", type: "image/jpeg" }]);
    expect(new Uint8Array(server.files[0]?.bytes ?? new ArrayBuffer())).toEqual(
      new Uint8Array([1, 2, 3]),
    );
  });
});

describe("without a network", () => {
  beforeEach(() => {
    server.isReachable = false;
  });

  test("writes are kept, survive the closing of the browser, and are sent in order", async () => {
    const before = await server.page();
    for (const text of ["a", "b", "c"]) {
      expect(await before.submit(comment(text))).toMatchObject({ state: "queued" });
    }
    await closeDatabase();
    const after = await server.page();
    expect(bodies(after.snapshot().writes)).toEqual(["a", "b", "c"]);
    server.isReachable = true;
    await after.run();
    expect(bodies(server.done)).toEqual(["a", "b", "c"]);
    expect(after.snapshot().writes).toEqual([]);
  });

  test("the device's clock set back doesn't change the order", async () => {
    const queue = await server.page();
    await queue.submit(comment("a"));
    server.now -= 500_000;
    await queue.submit(comment("b"));
    server.isReachable = true;
    await queue.run();
    expect(bodies(server.done)).toEqual(["a", "b"]);
  });

  test("a write whose answer was lost is done once", async () => {
    server.isReachable = true;
    server.losesAnswer = true;
    const queue = await server.page();
    expect(await queue.submit(comment("a"))).toMatchObject({ state: "queued" });
    await queue.run();
    expect(server.tried).toBe(2);
    expect(bodies(server.done)).toEqual(["a"]);
  });

  test("two pages that send at the same time send each write once", async () => {
    const one = await server.page();
    await one.submit(comment("a"));
    await one.submit(comment("b"));
    const other = await server.page();
    server.isReachable = true;
    await Promise.all([one.run(), other.run(), one.run()]);
    expect(bodies(server.done)).toEqual(["a", "b"]);
  });

  test("what belongs to a record made offline is sent with its real id", async () => {
    const queue = await server.page();
    const made = await queue.submit({
      path: "/activities",
      body: { subject: "初访" },
      what: { key: "waiting:visit" },
      resource: "activities",
    });
    const id = madeBy(idOf(made));
    expect(made).toMatchObject({ recordId: id });
    await queue.submit(comment("photo", { path: `/activities/${id}/attachments` }));
    await queue.submit({
      method: "PATCH",
      path: `/activities/${id}`,
      body: { follow_up_of_id: id },
      what: { key: "waiting:visit" },
      resource: "activities",
      recordId: id,
    });
    server.isReachable = true;
    await queue.run();
    expect(server.done.map((write) => write.path)).toEqual([
      "/activities",
      "/activities/made-1/attachments",
      "/activities/made-1",
    ]);
    expect(server.done[2]).toMatchObject({
      body: { follow_up_of_id: "made-1" },
      record_id: "made-1",
      if_match: 1,
    });
  });

  test("the second change of a record is based on the first one's version", async () => {
    const queue = await server.page();
    const change = (subject: string): NewWrite => ({
      method: "PATCH",
      path: "/activities/r",
      body: { subject },
      what: { key: "waiting:change" },
      resource: "activities",
      recordId: "r",
      ifMatch: 4,
    });
    await queue.submit(change("a"));
    await queue.submit(change("b"));
    server.isReachable = true;
    await queue.run();
    expect(server.done.map((write) => write.if_match)).toEqual([4, 5]);
  });

  test("a refused write stays with its reason, what needs it waits, the others go on", async () => {
    const queue = await server.page();
    const made = idOf(await queue.submit(comment("bad")));
    await queue.submit(comment("photo", { path: `/activities/${madeBy(made)}/attachments` }));
    await queue.submit(comment("good"));
    server.isReachable = true;
    server.refuse = (write) =>
      (write.body as { body: string }).body === "bad" ? problem(422, "invalid") : undefined;
    await queue.run();
    expect(bodies(server.done)).toEqual(["good"]);
    expect(queue.snapshot().writes).toMatchObject([
      { state: "refused", body: { body: "bad" }, problem: { code: "invalid" } },
      { state: "waiting", body: { body: "photo" } },
    ]);
    await queue.retry(made, { body: { body: "better" } });
    expect(bodies(server.done)).toEqual(["good", "better", "photo"]);
    expect(queue.snapshot().writes).toEqual([]);
  });

  test("discarding takes along what needs it, and can be taken back", async () => {
    const queue = await server.page();
    const made = idOf(await queue.submit(comment("a")));
    const photo = new File([new Uint8Array([9])], "p.jpg");
    await queue.submit(
      comment("photo", { path: `/activities/${madeBy(made)}/attachments`, files: [photo] }),
    );
    await queue.submit(comment("b"));
    const discarded = await queue.discard(made);
    expect(bodies(queue.snapshot().writes)).toEqual(["b"]);
    await queue.restore(discarded);
    expect(bodies(queue.snapshot().writes)).toEqual(["a", "photo", "b"]);
    server.isReachable = true;
    await queue.run();
    expect(bodies(server.done)).toEqual(["a", "photo", "b"]);
    expect(server.files).toHaveLength(1);
  });
});

describe("when somebody else was faster", () => {
  const finish = (key: string): NewWrite => ({
    path: "/activities/r/finish",
    body: { result: key },
    what: { key: "waiting:visit" },
    resource: "activities",
    recordId: "r",
    ifMatch: 3,
    overwrite: { method: "PATCH", path: "/activities/r" },
  });

  test("both versions are kept, later writes to the record wait, and the person's choice is sent", async () => {
    const queue = await server.page();
    server.isReachable = false;
    const first = idOf(await queue.submit(finish("mine")));
    await queue.submit(finish("later"));
    await queue.submit(comment("elsewhere"));
    server.isReachable = true;
    server.theirs = row("r", 7, { result: "theirs" });
    server.refuse = (write) =>
      write.path.endsWith("finish") ? problem(412, "stale_version") : undefined;
    await queue.run();
    expect(bodies(server.done)).toEqual(["elsewhere"]);
    expect(queue.snapshot().writes).toMatchObject([
      { state: "conflict", body: { result: "mine" }, theirs: { result: "theirs", version: 7 } },
      { state: "waiting", body: { result: "later" } },
    ]);
    server.refuse = () => undefined;
    await queue.retry(first, { method: "PATCH", path: "/activities/r", if_match: 7 });
    expect(server.done[1]).toMatchObject({ body: { result: "mine" }, if_match: 7 });
    expect(queue.snapshot().writes).toEqual([]);
  });

  test("a direct write keeps what was typed as well", async () => {
    const queue = await server.page();
    server.refuse = () => problem(409, "already_done");
    expect(await queue.submit(finish("mine"))).toMatchObject({ state: "conflict" });
    expect(queue.snapshot().writes).toMatchObject([
      { state: "conflict", body: { result: "mine" }, theirs: { version: 7 } },
    ]);
  });
});

describe("what belongs to a write", () => {
  const photo = (name: string) => new File([new Uint8Array([9])], name, { type: "image/jpeg" });
  const pictures =
    (...names: string[]) =>
    (recordId: string): NewWrite[] =>
      names.map((name) => ({
        path: `/activities/${recordId}/attachments`,
        files: [photo(name)],
        resource: "activities",
        recordId,
        what: { key: "waiting:photo" },
      }));
  const visit: NewWrite = {
    path: "/activities",
    body: { result: "a", nothing: undefined },
    what: { key: "waiting:visit" },
    resource: "activities",
  };
  const deed: NewWrite = {
    path: "/activities/0190-visit/finish",
    body: { result: "mine" },
    what: { key: "waiting:visit" },
    resource: "activities",
    recordId: "0190-visit",
    anew: { path: "/activities", body: { subject: "初访" } },
  };
  const paths = () => server.done.map((write) => write.path);

  test("is on the device with it, and goes out after it", async () => {
    server.isReachable = false;
    const before = await server.page();
    await before.submit(visit, pictures("1.jpg", "2.jpg"));
    await closeDatabase();
    const after = await server.page();
    expect(after.snapshot().writes).toHaveLength(3);
    expect(after.snapshot().writes[0]?.body).toStrictEqual({ result: "a" });
    server.isReachable = true;
    await after.run();
    const attachments = "/activities/made-1/attachments";
    expect(paths()).toEqual(["/activities", attachments, attachments]);
    expect(server.files.map(({ name }) => name)).toEqual(["1.jpg", "2.jpg"]);
  });

  test("is not kept either when the form gets the refusal", async () => {
    const queue = await server.page();
    server.refuse = () => problem(422, "invalid");
    await expect(queue.submit(visit, pictures("1.jpg"))).rejects.toMatchObject({ code: "invalid" });
    expect(queue.snapshot().writes).toEqual([]);
    expect(server.tried).toBe(1);
  });

  test("a refused photo doesn't stand against the visit that it belongs to", async () => {
    const queue = await server.page();
    server.refuse = (write) => (write.files > 0 ? problem(422, "not_an_image") : undefined);
    expect(await queue.submit(visit, pictures("note.jpg"))).toMatchObject({ state: "sent" });
    await queue.run();
    expect(queue.snapshot().writes).toMatchObject([
      { state: "refused", problem: { code: "not_an_image" } },
    ]);
  });

  test("waits with it for the person's choice, and is dropped with it", async () => {
    const queue = await server.page();
    server.refuse = (write) =>
      write.path.endsWith("finish") ? problem(409, "already_done") : undefined;
    const outcome = await queue.submit(deed, pictures("1.jpg"));
    expect(outcome).toMatchObject({ state: "conflict" });
    await queue.run();
    expect(paths()).toEqual([]);
    if (outcome.state === "conflict") await queue.discard(outcome.id);
    expect(queue.snapshot().writes).toEqual([]);
  });

  test("goes where the visit goes when its plan was called off meanwhile", async () => {
    const queue = await server.page();
    server.refuse = (write) =>
      write.path.endsWith("finish") ? problem(409, "already_cancelled") : undefined;
    const outcome = await queue.submit(deed, pictures("1.jpg"));
    if (outcome.state !== "conflict") throw new Error(`expected conflict, got ${outcome.state}`);
    await queue.retry(outcome.id, {
      path: "/activities",
      record_id: undefined,
      anew: undefined,
      body: { subject: "初访", result: "mine" },
    });
    expect(paths()).toEqual(["/activities", "/activities/made-1/attachments"]);
    expect(queue.snapshot().writes).toEqual([]);
  });
});

describe("sessions", () => {
  test("an expired one keeps the queue until the same person has signed in", async () => {
    const queue = await server.page();
    server.signedIn = null;
    expect(await queue.submit(comment("a"))).toMatchObject({ state: "queued" });
    expect(queue.snapshot().needsSignIn).toBe(true);
    expect(server.done).toEqual([]);
    server.signedIn = wang;
    const hers = await server.page(wang);
    expect(hers.snapshot().writes).toEqual([]);
    await hers.run();
    expect(server.done).toEqual([]);
    server.signedIn = li;
    const his = await server.page(li);
    await his.run();
    expect(bodies(server.done)).toEqual(["a"]);
  });

  test("what waits isn't sent under the session that another person opened in another tab", async () => {
    const queue = await server.page();
    server.isReachable = false;
    await queue.submit(comment("a"));
    server.isReachable = true;
    server.signedIn = wang;
    server.now += 60_000;
    await queue.run();
    expect(server.done).toEqual([]);
    expect(queue.snapshot()).toMatchObject({ needsSignIn: true, writes: [{ state: "waiting" }] });
  });

  test("a fault of the server is tried again a few times and then put aside", async () => {
    const queue = await server.page();
    server.isReachable = false;
    await queue.submit(comment("a"));
    server.isReachable = true;
    server.refuse = () => problem(500, "internal");
    for (const state of ["waiting", "refused"]) {
      await queue.run();
      expect(queue.snapshot().writes).toMatchObject([{ state }]);
    }
  });
});
