import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ComponentType, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, refresh, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Row, Schemas, TimelineEntry } from "@/api/types";
import { type TimelineRowProps, useFeatures } from "@/shared/features";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Composer } from "./Composer";
import { Entry } from "./Entry";
import styles from "./record.module.css";

/** What happened with the record, newest first, with a place to write on top. */
export function Timeline({ resource, row }: { resource: string; row: Row }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const key = keys.part(resource, row.id, "timeline");
  const timeline = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      api.get<Schemas["Timeline"]>(
        `/${resource}/${row.id}/timeline`,
        { before: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const reload = () => {
    queryClient.invalidateQueries({ queryKey: key });
    refresh(resource, row.id);
  };
  const pages = timeline.data?.pages ?? [];
  const own = Object.assign(
    {},
    ...useFeatures().map((feature) => feature.timeline ?? {}),
  ) as Record<string, ComponentType<TimelineRowProps>>;
  return (
    <section className={styles.timeline} aria-label={t("app:timeline.title")}>
      {me.preview ? null : <Composer resource={resource} row={row} onSent={reload} />}
      {timeline.isPending ? (
        <div className={styles.waiting} aria-busy>
          <Bar width="60%" />
          <Bar width="80%" />
          <Bar width="40%" />
        </div>
      ) : null}
      {timeline.isError ? (
        <ErrorNotice error={timeline.error} retry={() => timeline.refetch()} />
      ) : null}
      <ol>
        {pages.flatMap((page) =>
          (page.rows as TimelineEntry[]).map((entry) => {
            const Own = own[entry.kind];
            const key = `${entry.kind}-${entry.seq ?? entry.record_id}`;
            return Own ? (
              <Suspense key={key} fallback={null}>
                <Own entry={entry} labels={page.labels} onChanged={reload} />
              </Suspense>
            ) : (
              <Entry
                key={key}
                resource={resource}
                entry={entry}
                labels={page.labels}
                onChanged={reload}
              />
            );
          }),
        )}
      </ol>
      {timeline.hasNextPage ? (
        <Button
          type="text"
          block
          loading={timeline.isFetchingNextPage}
          onClick={() => timeline.fetchNextPage()}
        >
          {t("app:timeline.earlier")}
        </Button>
      ) : null}
    </section>
  );
}
