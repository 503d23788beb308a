/** Ahead of the code that wants them, a page waits so long for its first answers, in ms. */
const patience_ms = 30_000;
/** What was asked longer ago, in ms, is asked again. */
const fresh_ms = 10_000;

const asked = new Map<string, { at: number; answer: Promise<Response> }>();

/** Asks the server before the code is here that wants the answer. */
export function askAhead(address: string): void {
  const answer = fetch(address, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(patience_ms),
  });
  // Whoever takes it is told of a failure.
  answer.catch(() => undefined);
  asked.set(address, { at: performance.now(), answer });
}

/** The answer to a question that was asked ahead; for the first who asks. */
export function takeAhead(address: string): Promise<Response> | undefined {
  const found = asked.get(address);
  asked.delete(address);
  return found && performance.now() - found.at < fresh_ms ? found.answer : undefined;
}

/** After a write, a sign-in among them, the answers may be others. */
export const forgetAhead = () => asked.clear();
