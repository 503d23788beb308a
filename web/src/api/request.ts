import { forgetAhead, takeAhead } from "./ahead";
import type { Problem } from "./types";

/** An answer that is not a success, carried as the server's problem document. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
}

export type Query = Record<string, string | number | boolean | undefined | null>;

export type Options = {
  query?: Query;
  body?: unknown;
  /** The version that the change is based on. */
  ifMatch?: number;
  /** The same key makes a repeated create answer with the first one's record. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** After so many ms without a whole answer the server counts as out of reach. */
  limit_ms?: number;
};

export type Answer<T> = { data: T; batch: string | null };

const aheadKey = "chengdan.server_ahead_ms";

/** As heard last, perhaps before the page was closed: without a network there is nobody to ask. */
function lastAhead(): number {
  try {
    return Number(localStorage.getItem(aheadKey)) || 0;
  } catch {
    return 0;
  }
}
let serverAhead_ms = lastAhead();

/** The device's clock may be off by hours; the server says the right time with every answer, to the second. */
function noteServerTime(header: string | null): void {
  const told = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(told)) return;
  const ahead = told - Date.now();
  // Less than this is the time that the answer took.
  const next = Math.abs(ahead) < 5_000 ? 0 : ahead;
  if (Math.abs(next - serverAhead_ms) < 5_000) return;
  serverAhead_ms = next;
  try {
    localStorage.setItem(aheadKey, String(next));
  } catch {
    // A private window keeps nothing; this page knows it all the same.
  }
}

/** The present instant by the server's clock, as far as this device has heard. */
export const serverNow = () => new Date(Date.now() + serverAhead_ms);

/** Told when the session has ended, so that the sign-in page can be shown. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

/** Keeps answers on this device, and gives them back when the server can't be reached. */
export type ReadCache = {
  /** Called when a question goes out; what it answers takes the answer. */
  begin: (path: string, query?: Query) => (data: unknown) => unknown;
  recall: (path: string, query?: Query) => Promise<unknown>;
  /** The session has ended: nothing may be left. */
  forget: () => unknown;
};
let reads: ReadCache | undefined;
export function keepReads(cache: ReadCache): void {
  reads = cache;
}

let isReached = true;
const onReach = new Set<() => void>();
/** Whether the server answered the last request. */
export const reach = {
  isReached: () => isReached,
  subscribe: (listener: () => void) => {
    onReach.add(listener);
    return () => {
      onReach.delete(listener);
    };
  },
};
function noteReach(next: boolean): void {
  if (next === isReached) return;
  isReached = next;
  for (const listener of onReach) listener();
}

/** A question waits so long for its answer, in ms: less while the server is known to be out of reach. */
const patience_ms = { reached: 30_000, lost: 4_000 };

const isUnreachable = (error: unknown) =>
  error instanceof ProblemError && error.code === "unreachable";

export function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

/**
 * Sends one request. Throws `ProblemError` for every answer that isn't a success. Without the server, a question is
 * answered by what this device keeps.
 */
export async function request<T>(
  method: string,
  path: string,
  options: Options = {},
): Promise<Answer<T>> {
  if (method !== "GET" || !reads) return send<T>(method, path, options);
  const keep = reads.begin(path, options.query);
  try {
    const answer = await send<T>(method, path, options);
    keep(answer.data);
    return answer;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const kept = await reads.recall(path, options.query);
    if (kept === undefined) throw error;
    return { data: kept as T, batch: null };
  }
}

/** Ends with `signal` or after `limit_ms`, whatever comes first. */
function limited(signal?: AbortSignal, limit_ms?: number): AbortSignal | undefined {
  if (!limit_ms) return signal;
  const both = new AbortController();
  const end = () => both.abort();
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  setTimeout(end, limit_ms);
  return both.signal;
}

/** As `request`, but only the server itself answers. */
export async function send<T>(
  method: string,
  path: string,
  options: Options = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData || options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (options.ifMatch !== undefined) headers["if-match"] = `"${options.ifMatch}"`;
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  const limit =
    options.limit_ms ??
    (method === "GET" ? patience_ms[isReached ? "reached" : "lost"] : undefined);
  let response: Response;
  let text: string;
  try {
    const asked = address(path, options.query);
    if (method !== "GET") forgetAhead();
    response = await ((method === "GET" && takeAhead(asked)) ||
      fetch(asked, {
        method,
        headers,
        body,
        signal: limited(options.signal, limit),
        credentials: "same-origin",
      }));
    // The connection may still break while the answer is coming in.
    text = await response.text();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    noteReach(false);
    throw new ProblemError({ title: "", status: 0, code: "unreachable" });
  }
  noteServerTime(response.headers.get("date"));
  noteReach(response.status < 502 || response.status > 504);
  const isSigningIn = path === "/session" && method === "POST";
  if (response.status === 401 && !isSigningIn) {
    reads?.forget();
    if (path !== "/session") onSignedOut();
  }
  if (!response.ok) throw new ProblemError(readProblem(response, text));
  const batch = response.headers.get("chengdan-batch");
  return { data: (text ? JSON.parse(text) : undefined) as T, batch };
}

function readProblem(response: Response, text: string): Problem {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    return { title: "", code: "unknown", ...problem, status: response.status };
  } catch {
    // A proxy in between answers in its own words; the status is all that can be trusted.
    const code = response.status >= 502 ? "unreachable" : "unknown";
    return { title: "", status: response.status, code };
  }
}

/** A fresh key for one create; `crypto.randomUUID` is missing on plain-HTTP addresses. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const api = {
  get: async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    (await request<T>("GET", path, { query, signal })).data,
  post: <T>(path: string, body?: unknown, options?: Options) =>
    request<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: Options) =>
    request<T>("PUT", path, { ...options, body }),
  patch: <T>(path: string, body: unknown, ifMatch?: number) =>
    request<T>("PATCH", path, { body, ifMatch }),
  delete: <T = void>(path: string, ifMatch?: number, body?: unknown, query?: Query) =>
    request<T>("DELETE", path, { ifMatch, body, query }),
};
