import { useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";

export type ColumnMapping = Schemas["ColumnMapping"];
/** The server says all of a mapping; it takes less. */
export type Mapping = Required<Schemas["Mapping"]>;
export type Column = Pick<Schemas["ColumnShown"], "name" | "samples">;
/** What a column can be mapped to. */
export type Target = Schemas["TargetShown"];
/** One bad cell, or the same trouble in many rows. */
export type Trouble = Schemas["TroubleShown"];
export type Kind = Schemas["KindShown"];
export type ImportState = Schemas["ImportState"];
export type Summary = Schemas["Summary"];
/** An import as far as it is known: at first what the file told when it was sent, then what came of it. */
export type ImportRecord = Pick<
  Schemas["ImportShown"],
  "id" | "resource" | "file_name" | "row_count" | "state"
> &
  Partial<Omit<Schemas["ImportShown"], "mapping" | "columns">> & {
    mapping?: Mapping | null;
    columns?: Column[] | null;
    is_saved_mapping?: boolean;
  };

export const isUnderway = (state: ImportState) => state === "checking" || state === "running";

const key = (id: string) => ["imports", id] as const;

/** One import; asked for again and again while something runs, also after a reload. */
export function useImport(id: string) {
  return useQuery({
    queryKey: key(id),
    queryFn: async ({ signal }) => {
      const answer = await api.get<ImportRecord>(`/imports/${id}`, undefined, signal);
      // What was learned from the file when it was sent doesn't change, and doesn't come again while something runs.
      const known = queryClient.getQueryData<ImportRecord>(key(id));
      return { ...known, ...answer, mapping: answer.mapping ?? known?.mapping };
    },
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isUnderway(state.data.state) ? 700 : false),
  });
}

export function useImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: ({ signal }) => api.get<Schemas["ImportList"]>("/imports", undefined, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.rows.some((row) => isUnderway(row.state)) ? 1500 : false,
  });
}

export async function upload(resource: string, file: File): Promise<ImportRecord> {
  const body = new FormData();
  body.append("file", file);
  const { data } = await api.post<Schemas["Uploaded"]>("/imports", body, { query: { resource } });
  const record: ImportRecord = {
    ...data,
    mapping: data.mapping as Mapping,
    resource,
    state: "uploaded",
  };
  queryClient.setQueryData(key(data.id), record);
  queryClient.invalidateQueries({ queryKey: ["imports"], exact: true });
  return record;
}

async function act(id: string, verb: string, body?: unknown): Promise<void> {
  await api.post(`/imports/${id}/${verb}`, body);
  await queryClient.invalidateQueries({ queryKey: ["imports"] });
}

export const check = (id: string, mapping: Mapping) => act(id, "check", { mapping });
export const run = (id: string, mapping: Mapping) => act(id, "run", { mapping });
export const cancel = (id: string) => act(id, "cancel");
export async function undo(id: string): Promise<void> {
  await act(id, "undo");
  await queryClient.invalidateQueries();
}
