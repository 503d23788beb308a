import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { useRecord, useResource } from "@/api/queries";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { listPath, useResourceUi } from "@/shared/features";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useAddress } from "@/shared/ui/useAddress";
import { useMedia } from "@/shared/ui/useMedia";
import { useTitle } from "@/shared/ui/useTitle";
import { Facts } from "./record/Facts";
import { Files } from "./record/Files";
import { Highlights } from "./record/Highlights";
import { History } from "./record/History";
import { RecordActions } from "./record/RecordActions";
import { RelatedList } from "./record/RelatedList";
import styles from "./record/record.module.css";
import { Timeline } from "./record/Timeline";
import { labelOf } from "./save";

type Slots = {
  /** Below the title, over the whole width: for instance the bar of stages. */
  banner?: (row: Row) => ReactNode;
  /** Above the related lists: for instance product lines. */
  aside?: (row: Row) => ReactNode;
  /** Beside the ready actions of the record. */
  actions?: (row: Row) => ReactNode;
};

/** One record: facts left, what happened in the middle, what belongs to it right. */
export function RecordPage({ resource, banner, aside, actions }: { resource: string } & Slots) {
  const { t } = useTranslation("app");
  const { id } = useParams();
  const navigate = useNavigate();
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const record = useRecord(resource, id);
  const isWide = useMedia("(min-width: 1240px)");
  const isMiddle = useMedia("(min-width: 900px)");
  const row = record.data;
  useTitle(row ? labelOf(description, row) : t(`${resource}:title`));

  if (record.isError) {
    const isGone = record.error instanceof ProblemError && record.error.status === 404;
    return isGone ? (
      <Empty title={t("app:record.gone")} text={t("app:record.gone_text")}>
        <Link to={listPath(resource)}>{t(`${resource}:title`)}</Link>
      </Empty>
    ) : (
      <ErrorNotice error={record.error} retry={() => record.refetch()} />
    );
  }
  if (!row) return <RecordSkeleton />;
  const related = [
    aside?.(row),
    ...(ui?.related ?? []).map((entry) => (
      <RelatedList key={entry.resource + entry.field} related={entry} row={row} />
    )),
  ].filter(Boolean);
  const facts = <Facts resource={resource} row={row} />;
  const happened = { resource, row };
  return (
    <article className={styles.page}>
      <header className={styles.head}>
        <nav aria-label={t("app:breadcrumb")} className={styles.crumb}>
          <Link to={listPath(resource)}>{t(`${resource}:title`)}</Link>
        </nav>
        <div className={styles.titleRow}>
          <h1 title={labelOf(description, row)}>{labelOf(description, row)}</h1>
          <Highlights resource={resource} row={row} />
          <div className={styles.actions}>
            {actions?.(row)}
            <RecordActions
              resource={resource}
              row={row}
              isPage
              onDeleted={() => navigate(listPath(resource))}
            />
          </div>
        </div>
        {banner?.(row)}
      </header>
      {isMiddle ? (
        <div className={styles.columns} data-wide={(isWide && related.length > 0) || undefined}>
          <div className={styles.left}>
            {facts}
            {isWide ? null : related}
          </div>
          <div className={styles.middle}>
            <RecordTabs {...happened} />
          </div>
          {isWide && related.length > 0 ? <div className={styles.right}>{related}</div> : null}
        </div>
      ) : (
        <div className={styles.narrow}>
          <RecordTabs
            {...happened}
            facts={facts}
            related={related.length > 0 ? related : undefined}
          />
        </div>
      )}
    </article>
  );
}

function RecordTabs({
  resource,
  row,
  facts,
  related,
}: {
  resource: string;
  row: Row;
  facts?: ReactNode;
  related?: ReactNode;
}) {
  const { t } = useTranslation("app");
  const [search, set] = useAddress();
  const tabs = [
    ...(facts ? [{ key: "facts", label: t("app:record.facts"), children: facts }] : []),
    ...(related
      ? [
          {
            key: "related",
            label: t("app:record.related"),
            children: <div className={styles.right}>{related}</div>,
          },
        ]
      : []),
    {
      key: "timeline",
      label: t("app:timeline.title"),
      children: <Timeline key={row.id} resource={resource} row={row} />,
    },
    {
      key: "files",
      label: t("app:files.title"),
      children: <Files resource={resource} row={row} />,
    },
    {
      key: "history",
      label: t("app:history.title"),
      children: <History resource={resource} row={row} />,
    },
  ];
  const wanted = search.get("tab");
  const active = tabs.find((tab) => tab.key === wanted)?.key ?? tabs[0]?.key;
  return (
    <Tabs
      className={styles.tabs}
      activeKey={active}
      items={tabs}
      destroyOnHidden
      onChange={(key) => set({ tab: key === tabs[0]?.key ? null : key }, true)}
    />
  );
}

function RecordSkeleton() {
  return (
    <div className={styles.page} aria-busy>
      <div className={styles.head}>
        <Bar width={80} />
        <div className={styles.skeletonTitle}>
          <Bar width={280} />
        </div>
      </div>
      <div className={styles.columns}>
        <div className={`${styles.left} ${styles.waiting}`}>
          {[80, 60, 90, 50, 70, 65].map((width) => (
            <Bar key={width} width={`${width}%`} />
          ))}
        </div>
        <div className={`${styles.middle} ${styles.waiting}`}>
          {[90, 70, 80].map((width) => (
            <Bar key={width} width={`${width}%`} />
          ))}
        </div>
      </div>
    </div>
  );
}
