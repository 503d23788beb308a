import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "@/api/request";
import type { Filter, Schemas } from "@/api/types";

/** How many, how much, and the filter that opens exactly these records. */
export type Figure = Schemas["Figure"];
export type Funnel = Schemas["Funnel"];
export type Slicing = Schemas["By"];
export type PipelineCell = Schemas["Cell"];
export type Pipeline = Schemas["Pipeline"];
export type Performance = Schemas["Performance"];

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
    : `/${resource}?view=everything&f=${encodeURIComponent(JSON.stringify(filter))}`;
