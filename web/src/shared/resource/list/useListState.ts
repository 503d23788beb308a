import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { keys, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Schemas, View } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { usePreference } from "@/shared/ui/usePreference";

export type Column = { name: string; width?: number };

export const viewKey = (view: View) => view.id ?? view.name;

/** The standard views of the resource, then those that people saved; and whether all of these are known yet. */
export function useViews(resource: string): { views: View[]; areAll: boolean } {
  const description = useResource(resource);
  const saved = useQuery({
    queryKey: keys.views(resource),
    queryFn: async () => (await api.get<Schemas["ViewList"]>("/views", { resource })).rows,
    staleTime: 300_000,
  });
  const views = useMemo(() => {
    const standard = description?.views.length ? description.views : [{ name: "all" }];
    return [...standard, ...(saved.data ?? [])];
  }, [description, saved.data]);
  return { views, areAll: !saved.isPending };
}

export type ListChange = {
  view?: string | null;
  f?: string | null;
  sort?: string | null;
  page?: string | null;
  size?: string | null;
  q?: string | null;
  open?: string | null;
};

function parseFilter(text: string | null): Filter | null | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Filter | null;
  } catch {
    return undefined;
  }
}

/** What the list shows. Everything but columns stands in the URL, so that every state can be linked. */
export function useListState(resource: string) {
  const [search, setSearch] = useSearchParams();
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const { views, areAll } = useViews(resource);
  const wanted = search.get("view");
  const byKey = (key: string | null | undefined) => views.find((entry) => viewKey(entry) === key);
  const view = byKey(wanted) ?? byKey(description?.default_view) ?? views[0] ?? { name: "all" };
  const ownFilter = parseFilter(search.get("f"));
  const ownSort = search.get("sort");
  const [columns, setColumns] = usePreference<Column[] | null>(
    `columns.${resource}.${viewKey(view)}`,
    null,
  );

  const set = useCallback(
    (change: ListChange, replace = false) => {
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (!("page" in change) && !("open" in change)) next.delete("page");
          for (const [name, value] of Object.entries(change)) {
            if (value === null || value === undefined || value === "") next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace },
      );
    },
    [setSearch],
  );

  const filter = ownFilter === undefined ? (view.filter ?? null) : ownFilter;
  const available = description?.fields ?? [];
  const defaults: Column[] = (
    view.columns?.length
      ? view.columns
      : (ui?.columns ?? available.filter((field) => field.in_list).map((field) => field.name))
  ).map((name) => ({ name }));
  const shown = (columns ?? defaults).filter((column) =>
    available.some((field) => field.name === column.name),
  );
  return {
    views,
    view,
    /** Whether the view that the address names is found, or known to be none; until then another one would be shown. */
    isKnown: areAll || wanted === null || byKey(wanted) !== undefined,
    filter,
    sort: ownSort ?? view.sort ?? description?.default_sort,
    page: Math.max(1, Number(search.get("page")) || 1),
    pageSize: Math.min(200, Number(search.get("size")) || 50),
    q: search.get("q") ?? "",
    open: search.get("open") ?? undefined,
    columns: shown,
    /** Whether the filter is the person's own and not the view's. */
    isNarrowed: ownFilter !== undefined && ownFilter !== null,
    /** Whether the person changed the view's filter, sort or columns. */
    isModified: ownFilter !== undefined || ownSort !== null || columns !== null,
    set,
    setFilter: (next: Filter | null) => set({ f: JSON.stringify(next) }),
    setColumns,
  };
}

export type ListState = ReturnType<typeof useListState>;
