import { useQuery } from "@tanstack/react-query";
import { keys, queryClient, refresh } from "@/api/queries";
import { api } from "@/api/request";
import type { Money, Row, Schemas } from "@/api/types";

export type Line = Schemas["LineRow"];

/** A line while it is being written; anything may still be missing. */
export type DraftLine = {
  key: string;
  product_id: string | null;
  quantity: number | null;
  price: Money | null;
  discount_percent?: number | null;
};

/** The lines with one of them changed; one that is gone changes nothing. */
export const withLine = (lines: DraftLine[], key: string, change: Partial<DraftLine>) =>
  lines.map((line) => (line.key === key ? { ...line, ...change } : line));

/** Quantity × price less the discount, in minor units, rounded half up as the server does. */
export function lineAmount(line: Omit<DraftLine, "key" | "product_id">): number {
  const full = (line.quantity ?? 0) * (line.price?.amount_minor ?? 0);
  return Math.round(full * (1 - (line.discount_percent ?? 0) / 100));
}

export const isWhole = (line: DraftLine): line is DraftLine & Schemas["WantedLine"] =>
  line.product_id !== null && line.quantity !== null && line.price !== null;

/** Whether nothing has been entered yet, beside the one piece that a line starts with; such a line is left out when saving. */
export const isBlank = (line: DraftLine) =>
  line.product_id === null &&
  line.price === null &&
  (line.discount_percent ?? null) === null &&
  (line.quantity === null || line.quantity === 1);

export const isUnfinished = (line: DraftLine) => !isBlank(line) && !isWhole(line);

export function useLines(id: string | undefined) {
  return useQuery({
    queryKey: keys.part("opportunities", id ?? "", "lines"),
    queryFn: ({ signal }) =>
      api.get<Schemas["LineList"]>(`/opportunities/${id}/lines`, undefined, signal),
    enabled: Boolean(id),
  });
}

/** Replaces all lines; answers the opportunity with its new amount. */
export async function saveLines(row: Row, lines: DraftLine[]): Promise<Row> {
  const body = lines.filter(isWhole).map(({ product_id, quantity, price, discount_percent }) => ({
    product_id,
    quantity,
    price,
    discount_percent: discount_percent ?? 0,
  }));
  await api.put(`/opportunities/${row.id}/lines`, body, { ifMatch: row.version });
  const saved = await api.get<Row>(`/opportunities/${row.id}`);
  queryClient.setQueryData(keys.record("opportunities", row.id), saved);
  refresh("opportunities", row.id);
  return saved;
}
