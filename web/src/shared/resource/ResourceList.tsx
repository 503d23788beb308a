import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useList, useResource } from "@/api/queries";
import type { Field, Row } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import { usePreference } from "@/shared/ui/usePreference";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { useTitle } from "@/shared/ui/useTitle";
import { useEdit } from "./CreateProvider";
import { FilterChips } from "./filter/FilterChips";
import { BulkBar } from "./list/BulkBar";
import { CardList } from "./list/CardList";
import { DataTable } from "./list/DataTable";
import { EmptyList } from "./list/EmptyList";
import { ListToolbar } from "./list/ListToolbar";
import styles from "./list/list.module.css";
import { Pager } from "./list/Pager";
import { Peek } from "./list/Peek";
import { TableSkeleton } from "./list/TableSkeleton";
import { type ListState, useListState } from "./list/useListState";
import { ViewTabs } from "./list/ViewTabs";

export type Density = "compact" | "cosy";

type Props = {
  resource: string;
  /** Beside the title, for instance the switch to other ways of looking at the same records. */
  tools?: ReactNode;
  /** In the place of the table: another way of looking at the same filter, for instance a board. */
  body?: (state: ListState) => ReactNode;
};

/** Everything one does with the records of a resource as a whole, built from its description. */
export function ResourceList({ resource, tools, body }: Props) {
  const { t } = useTranslation("app");
  const title = t(`${resource}:title`);
  useTitle(title);
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const edit = useEdit();
  const description = useResource(resource);
  const hasPage = useResourceUi(resource) !== undefined;
  const state = useListState(resource);
  const [exact, setExact] = useState(false);
  const [density, setDensity] = usePreference<Density>("density", "compact");
  const [cursor, setCursor] = useState(-1);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useList(
    resource,
    {
      filter: state.filter ? JSON.stringify(state.filter) : undefined,
      sort: state.sort,
      page: state.page,
      page_size: state.pageSize,
      q: state.q || undefined,
      count: exact ? "exact" : undefined,
    },
    !body && state.isKnown,
  );
  const rows = (body ? undefined : list.data?.rows) ?? [];
  const labels = list.data?.labels ?? {};
  const columns = useMemo(
    () =>
      state.columns.flatMap((column): { field: Field; width?: number }[] => {
        const field = description?.fields.find((entry) => entry.name === column.name);
        return field ? [{ field, width: column.width }] : [];
      }),
    [state.columns, description],
  );

  const open = (row: Row) => {
    if (!hasPage) return;
    setCursor(rows.indexOf(row));
    if (isPhone) navigate(recordPath(resource, row.id));
    else state.set({ open: row.id }, state.open !== undefined);
  };
  const move = (step: number) => {
    const next = Math.min(Math.max(cursor + step, 0), rows.length - 1);
    setCursor(next);
    const row = rows[next];
    if (row && state.open) state.set({ open: row.id }, true);
    document.getElementById(`row-${row?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const atCursor = (act: (row: Row) => void) => () => {
    const row = rows[cursor];
    if (row) act(row);
  };
  useShortcuts(
    {
      j: () => move(1),
      arrowdown: () => move(1),
      k: () => move(-1),
      arrowup: () => move(-1),
      enter: atCursor(open),
      e: atCursor((row) => row.can.includes("edit") && edit(resource, row)),
      x: atCursor((row) => toggle(row.id)),
      "/": () => document.getElementById("list-search")?.focus(),
      escape: () => (state.open ? state.set({ open: null }) : setSelected(new Set())),
    },
    !isPhone,
  );

  if (!description) return <ErrorNotice error={undefined} />;
  return (
    <div className={styles.page} data-peek={state.open ? true : undefined}>
      <div className={styles.head}>
        <ListToolbar
          resource={resource}
          title={title}
          state={state}
          density={density}
          setDensity={setDensity}
          tools={tools}
          isTable={!body}
        />
        <ViewTabs resource={resource} state={state} />
        {state.isNarrowed ? (
          <FilterChips resource={resource} filter={state.filter} onChange={state.setFilter} />
        ) : null}
      </div>
      {!state.isKnown ? (
        <TableSkeleton columns={columns.length} />
      ) : body ? (
        body(state)
      ) : list.isError ? (
        <ErrorNotice error={list.error} retry={() => list.refetch()} />
      ) : list.isPending ? (
        <TableSkeleton columns={columns.length} />
      ) : rows.length === 0 ? (
        <EmptyList
          resource={resource}
          isNarrowed={state.isNarrowed || state.q !== ""}
          clear={() => state.set({ q: null, f: null })}
          showAll={state.filter ? () => state.set({ f: "null" }) : undefined}
        />
      ) : isPhone ? (
        <CardList resource={resource} rows={rows} labels={labels} sort={state.sort} open={open} />
      ) : (
        <DataTable
          resource={resource}
          columns={columns}
          rows={rows}
          labels={labels}
          sort={state.sort}
          setSort={(sort) => state.set({ sort })}
          resize={(name, width) =>
            state.setColumns(
              state.columns.map((column) => (column.name === name ? { ...column, width } : column)),
            )
          }
          cursor={cursor}
          opened={state.open}
          open={open}
          selected={selected}
          setSelected={setSelected}
          density={density}
          isStale={list.isPlaceholderData}
        />
      )}
      {rows.length > 0 && list.data ? (
        <Pager
          page={state.page}
          pageSize={state.pageSize}
          total={list.data.total}
          count={rows.length}
          go={(page) => state.set({ page: page > 1 ? String(page) : null })}
          setPageSize={(size) => state.set({ size: size === 50 ? null : String(size) })}
          countExactly={() => setExact(true)}
        />
      ) : null}
      {selected.size > 0 && list.data ? (
        <BulkBar
          resource={resource}
          selected={selected}
          total={list.data.total}
          filter={state.filter}
          canTakeAll={!state.q && rows.every((row) => selected.has(row.id))}
          clear={() => setSelected(new Set())}
        />
      ) : null}
      {state.open && !isPhone ? (
        <Peek resource={resource} id={state.open} close={() => state.set({ open: null })} />
      ) : null}
    </div>
  );
}
