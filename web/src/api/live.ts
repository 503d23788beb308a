import type { QueryClient } from "@tanstack/react-query";
import { keys } from "./queries";
import type { Change } from "./types";

/** Longest wait in ms before changes from elsewhere show; many changes at once cost one reload. */
const pause_ms = 600;

/**
 * Listens to the server's stream of changes and marks what they touch as stale. The browser reconnects and
 * resumes by itself; after a break everything on screen is asked for again, since changes may have been missed.
 * Answers a function that ends it.
 */
export function listenToChanges(queries: QueryClient): () => void {
  const touched = new Map<string, Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasBroken = false;

  const flush = () => {
    timer = undefined;
    for (const [resource, ids] of touched) {
      queries.invalidateQueries({ queryKey: keys.lists(resource) });
      for (const id of ids) queries.invalidateQueries({ queryKey: keys.record(resource, id) });
    }
    touched.clear();
  };
  const note = (event: MessageEvent<string>) => {
    const change = JSON.parse(event.data) as Change;
    const ids = touched.get(change.resource) ?? new Set<string>();
    ids.add(change.id);
    touched.set(change.resource, ids);
    timer ??= setTimeout(flush, pause_ms);
  };

  const stream = new EventSource("/api/live");
  stream.addEventListener("change", note);
  stream.addEventListener("notification", () => {
    queries.invalidateQueries({ queryKey: keys.notifications });
    queries.invalidateQueries({ queryKey: keys.session });
  });
  // The server couldn't replay everything that was missed.
  stream.addEventListener("reset", () => queries.invalidateQueries());
  stream.addEventListener("error", () => {
    wasBroken = true;
  });
  stream.addEventListener("open", () => {
    if (wasBroken) queries.invalidateQueries();
    wasBroken = false;
  });
  return () => {
    clearTimeout(timer);
    stream.close();
  };
}
