const listeners = new Set<() => void>();
const cache = new Map<string, { text: string | null; value: unknown }>();

/** Reads what this browser remembers; storage may be forbidden, then nothing is remembered. */
export function readPreference<T>(name: string, fallback: T): T {
  let text: string | null = null;
  try {
    text = localStorage.getItem(`chengdan.${name}`);
  } catch {
    text = cache.get(name)?.text ?? null;
  }
  const known = cache.get(name);
  if (known && known.text === text) return (known.value as T | undefined) ?? fallback;
  let value: T | undefined;
  try {
    value = text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    value = undefined;
  }
  cache.set(name, { text, value });
  return value ?? fallback;
}

export function writePreference<T>(name: string, value: T | undefined): void {
  const text = value === undefined ? null : JSON.stringify(value);
  cache.set(name, { text, value });
  try {
    if (text === null) localStorage.removeItem(`chengdan.${name}`);
    else localStorage.setItem(`chengdan.${name}`, text);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
  for (const listener of listeners) listener();
}

/** Calls the listener after each change, until the answered function is called. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
