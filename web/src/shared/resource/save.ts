import i18next from "i18next";
import { keys, queryClient, refresh } from "@/api/queries";
import { api, ProblemError } from "@/api/request";
import type { Resource, Row } from "@/api/types";

export type Saved = { row: Row; batch: string | null };

export async function create(
  resource: string,
  values: Record<string, unknown>,
  idempotencyKey: string,
): Promise<Saved> {
  const { data, batch } = await api.post<Row>(`/${resource}`, values, { idempotencyKey });
  refresh(resource);
  return { row: data, batch };
}

/** Sends only what changed, on the condition that nobody else changed the record since (412 otherwise). */
export async function change(
  resource: string,
  row: Row,
  changes: Record<string, unknown>,
): Promise<Saved> {
  const { data, batch } = await api.patch<Row>(`/${resource}/${row.id}`, changes, row.version);
  const labels = { ...row.labels, ...data.labels };
  queryClient.setQueryData(keys.record(resource, row.id), { ...row, ...data, labels });
  refresh(resource, row.id);
  return { row: data, batch };
}

/** Deletes the record, on the condition that nobody changed it; `options` are those that its resource knows. */
export async function remove(
  resource: string,
  row: Row,
  options?: Record<string, string>,
): Promise<string | null> {
  const { batch } = await api.delete(`/${resource}/${row.id}`, row.version, undefined, options);
  queryClient.removeQueries({ queryKey: keys.record(resource, row.id) });
  queryClient.invalidateQueries({ queryKey: keys.lists(resource) });
  return batch;
}

export const isStale = (error: unknown) => error instanceof ProblemError && error.status === 412;

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The entries of `values` that differ from the record; a value that was emptied is null. */
export function changesOf(values: Record<string, unknown>, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name, value]) => !same(value, row[name]))
      .map(([name, value]) => [name, value ?? null]),
  );
}

/** What a record is called, in English where it has an English name and the person reads English. */
export function labelOf(description: Resource | undefined, row: Row): string {
  const field = description?.label_field ?? "name";
  const english = i18next.language === "en" ? row[`${field}_en`] : undefined;
  return String(english || (row[field] ?? ""));
}
