import { useMemo, useSyncExternalStore } from "react";
import { queryClient, refresh } from "@/api/queries";
import { keepReads, ProblemError, reach, send } from "@/api/request";
import type { Me, Row } from "@/api/types";
import { multipart } from "./multipart";
import { type Along, type NewWrite, type Outcome, WriteQueue } from "./queue";
import { keepAnswersOf, keepReadsOf, readCache } from "./reads";
import type { Write } from "./writes";

export type { Along, NewWrite, Outcome } from "./queue";
export { filesOf, isQueuedId, type Write } from "./writes";

/** A write without an answer after so many ms counts as on its way still; its key lets it be repeated. */
const patience_ms = 20_000;
/** The slowest network on which files get through, in bytes per ms: 200 kbit/s. */
const slowest = 25;
/** Waits before the next attempt, in ms; the last one stays. */
const pauses_ms = [3_000, 10_000, 30_000, 60_000];

export const queue = new WriteQueue({
  send: (write, files) =>
    send(write.method, write.path, {
      body: files.length > 0 ? multipart(write, files) : write.body,
      ifMatch: write.if_match,
      idempotencyKey: write.key,
      limit_ms: files.reduce((ms, file) => ms + file.bytes.byteLength / slowest, patience_ms),
    }),
  whoIsSignedIn: async () => {
    try {
      return (await send<Me>("GET", "/session")).data.person.id;
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return null;
      throw error;
    }
  },
  read: async (resource, id) => (await send<Row>("GET", `/${resource}/${id}`)).data,
  now: Date.now,
});
queue.onDelivered = () => queryClient.invalidateQueries();

/**
 * Writes something that may be done without a network. It is kept on this device first, goes out at once when the server
 * can be reached and by itself later otherwise. `along` is kept in the same step and goes out after it. Throws the
 * server's refusal, as `api.post` does.
 */
export async function submit<T = Row>(write: NewWrite, along?: Along): Promise<Outcome<T>> {
  const outcome = await queue.submit<T>(write, along);
  if (write.resource) refresh(write.resource, write.recordId);
  return outcome;
}

/** Whether the server can be reached, and what waits for it. */
export function useOffline() {
  const isReached = useSyncExternalStore(reach.subscribe, reach.isReached);
  const { writes, needsSignIn } = useSyncExternalStore(queue.subscribe, queue.snapshot);
  return useMemo(
    () => ({ isOnline: isReached, writes, needsSignIn, submit }),
    [isReached, writes, needsSignIn],
  );
}

/** What of the person's own is still on its way to this record, or in it as new ones of the resource. */
export function useWaiting(resource: string, recordId?: string): Write[] {
  const { writes } = useOffline();
  return useMemo(
    () =>
      writes.filter(
        (write) =>
          write.resource === resource && (recordId === undefined || write.record_id === recordId),
      ),
    [writes, resource, recordId],
  );
}

const countWaiting = () =>
  queue.snapshot().writes.filter((write) => write.state === "waiting").length;

/** Sends what waits whenever there is hope, until the answered function is called. */
function keepSending(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const attempt = async () => {
    clearTimeout(timer);
    const before = countWaiting();
    await queue.run();
    const after = countWaiting();
    // A network that breaks after every few writes is better than none.
    failures = after > 0 && after >= before ? failures + 1 : 0;
    plan();
  };
  const plan = () => {
    clearTimeout(timer);
    const { writes, needsSignIn } = queue.snapshot();
    if (needsSignIn || !writes.some((write) => write.state === "waiting")) return;
    timer = setTimeout(attempt, pauses_ms[Math.min(failures, pauses_ms.length - 1)]);
  };
  const now = () => {
    failures = 0;
    attempt();
  };
  const whenSeen = () => {
    if (document.visibilityState === "visible") now();
  };
  const endings = [queue.subscribe(plan), reach.subscribe(() => reach.isReached() && now())];
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", whenSeen);
  attempt();
  return () => {
    clearTimeout(timer);
    for (const end of endings) end();
    window.removeEventListener("online", now);
    document.removeEventListener("visibilitychange", whenSeen);
  };
}

/** Installs the kept answers behind every question; to be called once, before the first. */
export function startReads(paths: string[]): void {
  keepAnswersOf(paths);
  keepReads(readCache);
}

/** Works for this person from now on. Answers a function that ends it. */
export function workFor(me: Me): () => void {
  keepReadsOf(me);
  let end: (() => void) | undefined;
  let isOver = false;
  queue.actFor(me.preview ? undefined : me.person.id).then(() => {
    if (!isOver && !me.preview) end = keepSending();
  });
  return () => {
    isOver = true;
    end?.();
    queue.actFor(undefined);
  };
}
