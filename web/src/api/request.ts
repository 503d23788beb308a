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
};

export type Answer<T> = { data: T; batch: string | null };

let serverAhead_ms = 0;

/** The device's clock may be off by hours; the server says the right time with every answer, to the second. */
function noteServerTime(header: string | null): void {
  const told = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(told)) return;
  const ahead = told - Date.now();
  // Less than this is the time that the answer took.
  serverAhead_ms = Math.abs(ahead) < 5_000 ? 0 : ahead;
}

/** The present instant by the server's clock, as far as this device has heard. */
export const serverNow = () => new Date(Date.now() + serverAhead_ms);

/** Told when the session has ended, so that the sign-in page can be shown. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ""}`;
}

/** Sends one request. Throws `ProblemError` for every answer that isn't a success. */
export async function request<T>(
  method: string,
  path: string,
  options: Options = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json" };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  if (options.ifMatch !== undefined) headers["if-match"] = `"${options.ifMatch}"`;
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ProblemError({ title: "", status: 0, code: "unreachable" });
  }
  noteServerTime(response.headers.get("date"));
  if (!response.ok) throw new ProblemError(await readProblem(response, path));
  const batch = response.headers.get("chengdan-batch");
  if (response.status === 204 || response.headers.get("content-length") === "0") {
    return { data: undefined as T, batch };
  }
  const text = await response.text();
  return { data: (text ? JSON.parse(text) : undefined) as T, batch };
}

async function readProblem(response: Response, path: string): Promise<Problem> {
  if (response.status === 401 && path !== "/session") onSignedOut();
  try {
    const problem = (await response.json()) as Partial<Problem>;
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
  delete: <T = void>(path: string, ifMatch?: number) => request<T>("DELETE", path, { ifMatch }),
};
