import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Row, Schemas } from "@/api/types";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Entry } from "./Entry";
import styles from "./record.module.css";

/** Every change of the record with before and after, and a way back where that is safe. */
export function History({ resource, row }: { resource: string; row: Row }) {
  const { t } = useTranslation("app");
  const [page, setPage] = useState(1);
  const history = useQuery({
    queryKey: [...keys.part(resource, row.id, "history"), page],
    queryFn: () => api.get<Schemas["HistoryPage"]>(`/${resource}/${row.id}/history`, { page }),
    placeholderData: (before) => before,
  });
  if (history.isPending) return <Bar />;
  if (history.isError) return <ErrorNotice error={history.error} retry={() => history.refetch()} />;
  const { rows, labels } = history.data;
  if (rows.length === 0 && page === 1) return <Empty title={t("app:history.none")} />;
  return (
    <section className={styles.timeline} aria-label={t("app:history.title")}>
      <ol>
        {rows.map((entry) => (
          <Entry
            key={entry.seq}
            resource={resource}
            entry={{ kind: "change", ...entry }}
            labels={labels}
            isFull
            onChanged={() => history.refetch()}
          />
        ))}
      </ol>
      <div className={styles.pages}>
        {page > 1 ? (
          <Button onClick={() => setPage(page - 1)}>{t("app:pager.previous")}</Button>
        ) : null}
        {rows.length >= 50 ? (
          <Button onClick={() => setPage(page + 1)}>{t("app:pager.next")}</Button>
        ) : null}
      </div>
    </section>
  );
}
