import { useCallback, useState } from "react";
import { useDraft } from "@/shared/resource/useDraft";

/** What a form holds; what was typed but not sent stays in this browser under the given name. */
export function useValues<T extends Record<string, unknown>>(name: string, start: T) {
  const draft = useDraft(name);
  const [values, setValues] = useState<T>(() => ({ ...start, ...draft.restored }));
  const { keep } = draft;
  const set = useCallback(
    (change: Partial<T>) =>
      setValues((before) => {
        const next = { ...before, ...change };
        keep(next);
        return next;
      }),
    [keep],
  );
  return { values, set, forget: draft.forget };
}
