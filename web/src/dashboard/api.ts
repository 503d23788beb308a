import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/request";
import type { Filter, Labels, Money } from "@/api/types";

/** How many, how much, and the filter that opens exactly these records. */
export type Figure = { count: number; amount: Money; filter: Filter };

export type Funnel = {
  process_id: string | null;
  stages: {
    stage_id: string;
    kind: "open" | "won" | "lost";
    entered: Figure;
    passed: Figure;
    conversion: number | null;
    standard_conversion: number;
    median_days: number | null;
    standard_days: number | null;
  }[];
  customers: { funnel_level: string; count: number; standard: number | null; filter: Filter }[];
  labels: Labels;
};

export type Slicing = "person" | "team" | "month";

export type PipelineCell = {
  stage_id?: string;
  /** A person's or team's id, or a month; null for those without. */
  key?: string | null;
  count: number;
  amount: Money;
  weighted_amount: Money;
  filter: Filter;
};

export type Pipeline = {
  process_id: string | null;
  stages: PipelineCell[];
  slices: PipelineCell[];
  cells: PipelineCell[];
  total: PipelineCell;
  labels: Labels;
};

export type Performance = {
  won: Figure;
  lost: Figure;
  win_rate: { by_count: number | null; by_amount: number | null; filter: Filter };
  average_deal: { amount: Money | null; filter: Filter };
  cycle: { mean_days: number | null; median_days: number | null; filter: Filter };
  loss_reasons: {
    reason: string | null;
    count: number;
    amount: Money;
    share: number | null;
    filter: Filter;
  }[];
  months: { month: string; won: Figure; lost: Figure; win_rate: number | null }[];
};

export type Question = {
  from?: string;
  to?: string;
  process_id?: string;
  /** Filter over opportunities, as JSON. */
  filter?: string;
};

function useFigures<T>(name: string, question: Question & { by?: Slicing }) {
  return useQuery({
    queryKey: ["dashboard", name, question],
    queryFn: ({ signal }) => api.get<T>(`/dashboard/${name}`, question, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export const useFunnel = (question: Question) => useFigures<Funnel>("funnel", question);
export const usePerformance = (question: Question) =>
  useFigures<Performance>("performance", question);

/** What is open now; the period doesn't limit it, since what is open is open. */
export const usePipeline = ({ process_id, filter }: Question, by: Slicing) =>
  useFigures<Pipeline>("pipeline", { process_id, filter, by });

/** The records behind a figure. */
export const opens = (filter: Filter, resource = "opportunities") =>
  resource === "opportunities"
    ? `/opportunities?show=list&view=everything&f=${encodeURIComponent(JSON.stringify(filter))}`
    : `/${resource}?f=${encodeURIComponent(JSON.stringify(filter))}`;
