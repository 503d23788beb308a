import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** New values by the names of parameters; an empty one takes its parameter away. */
export type AddressChange = Record<string, string | null | undefined>;

/** The parameters of the address, and how to change some of them. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (change: AddressChange, replace = false) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          return next;
        },
        { replace },
      ),
    [setSearch],
  );
  return [search, set] as const;
}
