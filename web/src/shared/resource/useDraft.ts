import { useCallback, useEffect, useRef, useState } from "react";
import { readPreference, writePreference } from "@/shared/ui/preference";

type Values = Record<string, unknown>;

/**
 * Keeps what was typed but not saved in this browser, under the given name. `restored` is what was found when
 * the form opened.
 */
export function useDraft(name: string) {
  const key = `draft.${name}`;
  const [restored, setRestored] = useState<Values | null>(() =>
    readPreference<Values | null>(key, null),
  );
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keep = useCallback(
    (values: Values) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => writePreference(key, values), 400);
    },
    [key],
  );
  const forget = useCallback(() => {
    clearTimeout(timer.current);
    writePreference(key, undefined);
    setRestored(null);
  }, [key]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { restored, keep, forget };
}
