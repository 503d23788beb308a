import { useCallback, useState } from "react";
import type { Row } from "@/api/types";
import { useDraft } from "@/shared/resource/useDraft";

/**
 * What a form holds; what was typed but not sent stays in this browser under the given name. What the form was opened
 * for counts more than what was typed the last time.
 */
export function useValues<T extends Record<string, unknown>>(
  name: string,
  start: T,
  asked?: Partial<T>,
) {
  const draft = useDraft(name);
  const [values, setValues] = useState<T>(() => ({ ...start, ...draft.restored, ...asked }));
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

/** Names what is typed into a form: of a record, of something new at a customer, or of something new. */
export function draftName(form: string, row: Row | undefined, customer_id: unknown): string {
  const of = row?.id ?? (customer_id ? `new.${customer_id}` : "new");
  return `activities.${form}.${of}`;
}
