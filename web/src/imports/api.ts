import { useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { FieldType, Labels, Translated } from "@/api/types";

export type ColumnMapping = {
  field: string;
  match?: string;
  /** What a cell says → what is meant. */
  values?: Record<string, string>;
  default?: string;
  create_missing?: boolean;
  format?: "ymd" | "mdy" | "dmy";
  unit?: number;
};

export type Mapping = {
  mode: "create" | "update" | "upsert";
  key: string | null;
  columns: Record<string, ColumnMapping | null>;
  constants: Record<string, unknown>;
  skip_bad_rows: boolean;
  duplicates?: "create" | "skip" | "update";
};

export type Column = { name: string; samples: string[] };

/** What a column can be mapped to. */
export type Target = {
  field: string;
  type: FieldType;
  required: boolean;
  unique?: boolean;
  reference?: string | null;
  label?: Translated;
  choices?: string[];
  /** Fields by which a referred record can be found. */
  matches?: string[];
};

export type Trouble = {
  /** As the spreadsheet program numbers it; missing for kinds. */
  row?: number;
  column: string | null;
  field?: string | null;
  value: string;
  code: string;
  params?: Record<string, unknown>;
  message?: string;
  is_warning?: boolean;
  /** Rows that have the same trouble; only for kinds. */
  count?: number;
};

export type ImportState =
  | "uploaded"
  | "checking"
  | "checked"
  | "running"
  | "done"
  | "failed"
  | "cancelled"
  | "undone";

export type Summary = {
  create: number;
  update: number;
  skip: number;
  bad_rows: number;
  warnings?: number;
  /** Records made because rows referred to them, by resource. */
  made?: Record<string, number>;
};

export type ImportRecord = {
  id: string;
  resource: string;
  file_name: string;
  row_count: number;
  state: ImportState;
  progress?: { done: number; total: number } | null;
  summary?: Summary | null;
  columns?: Column[];
  targets?: Target[];
  mapping?: Mapping | null;
  errors?: Trouble[];
  warnings?: Trouble[];
  kinds?: Trouble[];
  /** Why it failed as a whole. */
  problem?: { code: string; message?: string; params?: Record<string, unknown> } | null;
  is_saved_mapping?: boolean;
  person_id?: string | null;
  created_at: string;
  finished_at?: string | null;
};

export const isUnderway = (state: ImportState) => state === "checking" || state === "running";

const key = (id: string) => ["imports", id] as const;

const keptAs = (id: string) => `chengdan.import.${id}`;

/** What this browser remembers of a file that was sent, for coming back to it after a reload. */
function kept(id: string): Partial<ImportRecord> | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(keptAs(id)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function keep({ id, columns, targets, mapping }: ImportRecord): void {
  try {
    sessionStorage.setItem(keptAs(id), JSON.stringify({ columns, targets, mapping }));
  } catch {
    // Without storage only a reload in the middle of mapping loses the samples.
  }
}

/** One import; asked for again and again while something runs, also after a reload. */
export function useImport(id: string) {
  return useQuery({
    queryKey: key(id),
    queryFn: async ({ signal }) => {
      const answer = await api.get<ImportRecord>(`/imports/${id}`, undefined, signal);
      // What was learned from the file when it was sent doesn't change and doesn't come again.
      const known = queryClient.getQueryData<ImportRecord>(key(id)) ?? kept(id);
      return { ...known, ...answer, mapping: answer.mapping ?? known?.mapping };
    },
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && isUnderway(state.data.state) ? 700 : false),
  });
}

export function useImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: ({ signal }) =>
      api.get<{ rows: ImportRecord[]; labels?: Labels }>("/imports", undefined, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.rows.some((row) => isUnderway(row.state)) ? 1500 : false,
  });
}

export async function upload(resource: string, file: File): Promise<ImportRecord> {
  const body = new FormData();
  body.append("file", file);
  const { data } = await api.post<ImportRecord>("/imports", body, { query: { resource } });
  const record = { ...data, resource, state: data.state ?? ("uploaded" as const) };
  queryClient.setQueryData(key(data.id), record);
  keep(record);
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
