import { useCallback, useSyncExternalStore } from "react";
import { readPreference, subscribe, writePreference } from "./preference";

/** A choice that this browser remembers, shared by all components that ask for the same name. */
export function usePreference<T>(name: string, fallback: T): [T, (value: T | undefined) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(name, fallback));
  const set = useCallback((next: T | undefined) => writePreference(name, next), [name]);
  return [value, set];
}
