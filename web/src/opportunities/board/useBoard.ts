import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Money, Row, Schemas } from "@/api/types";

export type BoardColumn = Schemas["BoardColumn"];

type Query = { processId: string | undefined; filter: Filter | null; q: string };

export function useBoard({ processId, filter, q }: Query) {
  const query = {
    process_id: processId,
    filter: filter ? JSON.stringify(filter) : undefined,
    q: q || undefined,
  };
  return useQuery({
    // Among the lists of opportunities, so that live changes reach it.
    queryKey: keys.list("opportunities", { board: query }),
    queryFn: ({ signal }) => api.get<Schemas["Board"]>("/opportunities/board", query, signal),
    placeholderData: keepPreviousData,
  });
}

/** As many cards as the board sends per column and page. */
const page_size = 30;

/** The cards of a column beyond the first page, asked for as the person scrolls. */
export function useFurtherCards(column: BoardColumn, { processId, filter, q }: Query) {
  const query = {
    process_id: processId,
    stage_id: column.stage_id,
    filter: filter ? JSON.stringify(filter) : undefined,
    q: q || undefined,
  };
  return useInfiniteQuery({
    queryKey: keys.list("opportunities", { further: query }),
    queryFn: async ({ pageParam, signal }) => {
      const answer = await api.get<Schemas["Board"]>(
        "/opportunities/board",
        { ...query, page: pageParam },
        signal,
      );
      return { rows: answer.columns[0]?.cards ?? [], labels: answer.labels, page: pageParam };
    },
    initialPageParam: 2,
    getNextPageParam: (last) => (last.rows.length === page_size ? last.page + 1 : undefined),
    enabled: false,
  });
}

export type Move = { row: Row; to: string };

const plus = (money: Money | null, minor: number): Money | null =>
  money && { ...money, amount_minor: money.amount_minor + minor };

const minorOf = (value: unknown) => (value as Money | null)?.amount_minor ?? 0;

/** The columns' figures as they will be once the moves have arrived at the server. */
export function withMoves(columns: BoardColumn[], moves: Move[]): BoardColumn[] {
  return columns.map((column) => {
    let { count, amount, weighted_amount } = column;
    for (const { row, to } of moves) {
      if (row.stage_id === to) continue;
      const sign = to === column.stage_id ? 1 : row.stage_id === column.stage_id ? -1 : 0;
      count += sign;
      amount = plus(amount, sign * minorOf(row.amount));
      weighted_amount = plus(weighted_amount, sign * minorOf(row.weighted_amount));
    }
    return { ...column, count, amount, weighted_amount };
  });
}
