import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Money, Page, Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import listStyles from "@/shared/resource/list/list.module.css";
import { Pager } from "@/shared/resource/list/Pager";
import { TableSkeleton } from "@/shared/resource/list/TableSkeleton";
import type { ListState } from "@/shared/resource/list/useListState";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import { daysInStage } from "./stages/stages";
import styles from "./stuck.module.css";

const page_size = 50;

/** Open opportunities that stand in their stage longer than the process foresees, longest first. */
export function StuckList({ state }: { state: ListState }) {
  const { t } = useTranslation("opportunities");
  const isPhone = useIsPhone();
  const [search] = useSearchParams();
  const page = Math.max(1, Number(search.get("page")) || 1);
  const query = {
    filter: state.filter ? JSON.stringify(state.filter) : undefined,
    q: state.q || undefined,
    page,
    page_size,
  };
  const stuck = useQuery({
    queryKey: keys.list("opportunities", { stuck: query }),
    queryFn: ({ signal }) => api.get<Page>("/opportunities/stuck", query, signal),
    placeholderData: keepPreviousData,
  });
  if (stuck.isError) return <ErrorNotice error={stuck.error} retry={() => stuck.refetch()} />;
  if (!stuck.data) return <TableSkeleton columns={6} />;
  const { rows, labels, total } = stuck.data;
  if (rows.length === 0) {
    return (
      <Empty title={t("opportunities:stuck.none")} text={t("opportunities:stuck.none_text")} />
    );
  }
  return (
    <>
      {isPhone ? (
        <ul className={listStyles.cards}>
          {rows.map((row) => (
            <li key={row.id}>
              <Link to={recordPath("opportunities", row.id)} className={styles.card}>
                <span className={styles.cardTop}>
                  <b>{labels[String(row.customer_id)] ?? String(row.name)}</b>
                  <Days row={row} />
                </span>
                <span className={styles.soft}>
                  {labels[String(row.stage_id)]} · <Amount row={row} /> ·{" "}
                  {labels[String(row.owner_id)]}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <div className={listStyles.tableBox} data-stale={stuck.isPlaceholderData || undefined}>
          <table className={listStyles.table} style={{ minWidth: 1090 }}>
            <colgroup>
              {[240, 220, 110, 150, 100, 180, 90].map((width) => (
                <col key={width} style={{ width }} />
              ))}
            </colgroup>
            <thead>
              <tr>
                <th>{t("opportunities:fields.name")}</th>
                <th>{t("opportunities:fields.customer_id")}</th>
                <th>{t("opportunities:fields.stage_id")}</th>
                <th data-figure>{t("opportunities:stuck.days")}</th>
                <th data-figure>{t("opportunities:fields.amount")}</th>
                <th>{t("opportunities:fields.next_step")}</th>
                <th>{t("opportunities:fields.owner_id")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.id}
                  data-open={row.id === state.open || undefined}
                  onClick={(event) => {
                    if ((event.target as HTMLElement).closest("a")) return;
                    state.set({ open: row.id }, state.open !== undefined);
                  }}
                >
                  <th scope="row">
                    <Link to={recordPath("opportunities", row.id)}>{String(row.name)}</Link>
                  </th>
                  <td>{labels[String(row.customer_id)]}</td>
                  <td>{labels[String(row.stage_id)]}</td>
                  <td data-figure>
                    <Days row={row} />
                  </td>
                  <td data-figure>
                    <Amount row={row} />
                  </td>
                  <td>{String(row.next_step ?? "")}</td>
                  <td>{labels[String(row.owner_id)]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager
        page={page}
        pageSize={page_size}
        total={total}
        count={rows.length}
        go={(next) => state.set({ page: next > 1 ? String(next) : null })}
      />
    </>
  );
}

function Days({ row }: { row: Row }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const standard = typeof row.standard_days === "number" ? row.standard_days : null;
  return (
    <span className={styles.days}>
      <b>{t("opportunities:card.days", { days: format.number(daysInStage(row) ?? 0) })}</b>
      {standard === null ? null : <small>{t("opportunities:stuck.of", { days: standard })}</small>}
    </span>
  );
}

function Amount({ row }: { row: Row }) {
  const format = useFormat();
  const amount = row.amount as Money | null;
  return amount ? <span title={format.exactMoney(amount)}>{format.money(amount)}</span> : "—";
}
