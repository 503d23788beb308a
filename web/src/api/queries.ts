import { keepPreviousData, QueryClient, useQuery } from "@tanstack/react-query";
import { api, ProblemError, type Query } from "./request";
import type { CodeNode, Me, Meta, Page, Resource, Row } from "./types";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Without a network the answers that this device keeps are asked for all the same.
      networkMode: "always",
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 &&
        navigator.onLine &&
        (!(error instanceof ProblemError) || error.status === 0 || error.status >= 502),
    },
  },
});

/** Query keys; the first two parts name what a live change makes stale. */
export const keys = {
  session: ["session"] as const,
  meta: ["meta"] as const,
  list: (resource: string, query?: unknown) => ["list", resource, query] as const,
  lists: (resource: string) => ["list", resource] as const,
  record: (resource: string, id: string) => ["record", resource, id] as const,
  /** A part of a record that has its own address: timeline, attachments, viewers, history. */
  part: (resource: string, id: string, part: string) => ["record", resource, id, part] as const,
  views: (resource: string) => ["views", resource] as const,
  notifications: ["notifications"] as const,
};

export async function fetchSession(): Promise<Me | null> {
  try {
    return await api.get<Me>("/session");
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: fetchSession, staleTime: 300_000 });
}

/** The signed-in person. Only for components inside the shell, which renders after sign-in. */
export function useMe(): Me {
  const { data } = useSession();
  if (!data) throw new Error("useMe is for components inside the shell");
  return data;
}

export const metaQuery = {
  queryKey: keys.meta,
  queryFn: () => api.get<Meta>("/meta"),
  staleTime: 300_000,
};

/** What resources there are and what the person may do with them. Only inside the shell. */
export function useMeta(): Meta {
  const { data } = useQuery(metaQuery);
  if (!data) throw new Error("useMeta is for components inside the shell");
  return data;
}

/** The description of one resource, or undefined when the person may not see it. */
export function useResource(name: string): Resource | undefined {
  return useMeta().resources.find((resource) => resource.name === name);
}

const listQuery = (resource: string, query: Query) => ({
  queryKey: keys.list(resource, query),
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get<Page>(`/${resource}`, query, signal),
});

export function useList(resource: string, query: Query, enabled = true) {
  return useQuery({
    ...listQuery(resource, query),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Has the list ready for `useList`, or has tried. */
export const readList = (resource: string, query: Query) =>
  queryClient.prefetchQuery(listQuery(resource, query));

export function useRecord(resource: string, id: string | undefined) {
  return useQuery({
    queryKey: keys.record(resource, id ?? ""),
    queryFn: ({ signal }) => api.get<Row>(`/${resource}/${id}`, undefined, signal),
    enabled: Boolean(id),
  });
}

/** A tree of codes that hardly ever changes: `divisions` or `industries`. */
export function useCodeTree(tree: "divisions" | "industries", enabled = true) {
  return useQuery({
    queryKey: ["codes", tree],
    queryFn: () => api.get<CodeNode[]>(`/${tree}`),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** Marks everything that shows this resource as stale. */
export function refresh(resource: string, id?: string): void {
  queryClient.invalidateQueries({ queryKey: keys.lists(resource) });
  if (id) queryClient.invalidateQueries({ queryKey: keys.record(resource, id) });
  else queryClient.invalidateQueries({ queryKey: ["record", resource] });
}
