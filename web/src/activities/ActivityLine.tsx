import { MoreOutlined, PhoneOutlined } from "@ant-design/icons";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import type { Row } from "@/api/types";
import { type LineProps, recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useDialog } from "@/shared/ui/DialogProvider";
import { themed } from "@/shared/ui/themed";
import { sayDistance } from "./check_in/distance";
import { verdictOf } from "./form/outcomes";
import { isOpen } from "./isOpen";
import { isOnSite, type Kind, useKind } from "./kinds";
import styles from "./line.module.css";
import { TaskLine } from "./tasks/TaskLine";
import { useIsEnding } from "./useIsEnding";

export { readKinds } from "./kinds";

const LineMenu = themed(async () => (await import("./LineMenu")).LineMenu);

/** One activity in a day: when, what, with whom, what for; and what is done about it with one tap. */
export function ActivityLine({ row, labels }: LineProps) {
  const kind = useKind(row.kind_id);
  if (kind?.family === "task") return <TaskLine row={row} labels={labels} />;
  return <VisitLine row={row} labels={labels} kind={kind} />;
}

function VisitLine({ row, labels, kind }: LineProps & { kind: Kind | undefined }) {
  const { t, i18n } = useTranslation("activities");
  const format = useFormat();
  const isEnding = useIsEnding(row.id);
  const customer = labels[String(row.customer_id)] ?? "";
  const contacts = ((row.contact_ids as string[] | null) ?? [])
    .map((id) => labels[id])
    .filter(Boolean);
  const at = row.state === "done" ? row.started_at : row.planned_start_at;
  // Among what was left from before, the time alone says nothing.
  const day = at ? format.dayOf(String(at)) : undefined;
  const isLate = isOpen(row) && day !== undefined && day < format.today;
  const verdict = row.state === "done" ? verdictOf(row) : null;
  // On the way from the one before.
  const distance = row.leg_m;
  const facts = [
    typeof distance === "number" && distance > 0 ? sayDistance(distance, i18n.language) : "",
    row.state === "done"
      ? String(row.result ?? "")
      : row.purpose
        ? t("activities:line.purpose", { purpose: String(row.purpose) })
        : isOpen(row)
          ? t("activities:line.no_purpose")
          : "",
  ].filter(Boolean);
  return (
    <article className={styles.line} data-state={String(row.state)}>
      <time dateTime={String(at ?? "")}>
        {isLate ? <b>{format.day(day)}</b> : null}
        {row.is_all_day || !at ? t("activities:line.all_day") : format.time(String(at))}
      </time>
      <div className={styles.what}>
        <h3>
          <span className={styles.kind}>{kind?.name ?? labels[String(row.kind_id)]}</span>
          <Link to={recordPath("activities", row.id)}>
            {customer || String(row.subject ?? "")}
            {contacts.length > 0 ? ` · ${contacts.join(t("app:list_joint"))}` : ""}
          </Link>
          {verdict ? (
            <span className={styles.verdict} data-verdict={verdict}>
              {t(`activities:verdicts.${verdict}`)}
            </span>
          ) : null}
        </h3>
        {facts.length > 0 ? <p>{facts.join(" · ")}</p> : null}
        {row.checked_in_at && isOpen(row) ? (
          <p className={styles.here}>
            {t("activities:line.checked_in", { time: format.time(String(row.checked_in_at)) })}
          </p>
        ) : null}
      </div>
      {isOpen(row) && isEnding ? (
        <span className={styles.state}>{t("activities:line.waiting")}</span>
      ) : isOpen(row) ? (
        <LineActions row={{ ...row, labels: { ...labels, ...row.labels } }} kind={kind} />
      ) : null}
    </article>
  );
}

function LineActions({ row, kind }: { row: Row; kind: Kind | undefined }) {
  const { t } = useTranslation(["activities", "app"]);
  const me = useMe();
  const openDialog = useDialog();
  const [isMenu, setIsMenu] = useState(false);
  if (me.preview || !row.can?.includes("edit")) return null;
  const phone = typeof row.contact_phone === "string" ? row.contact_phone : undefined;
  return (
    <div className={styles.actions}>
      {isOnSite(kind?.family) && !row.checked_in_at ? (
        <button type="button" onClick={() => openDialog("activities.check_in", { row })}>
          {t("activities:line.check_in")}
        </button>
      ) : phone ? (
        <a href={`tel:${phone}`} aria-label={t("activities:line.call")}>
          <PhoneOutlined /> {t("activities:line.call")}
        </a>
      ) : null}
      <button type="button" data-primary onClick={() => openDialog("activities.log", { row })}>
        {t("activities:line.log")}
      </button>
      {isMenu ? (
        <Suspense fallback={null}>
          <LineMenu row={row} onClose={() => setIsMenu(false)} />
        </Suspense>
      ) : (
        <button
          type="button"
          className={styles.menu}
          aria-label={t("app:more")}
          onClick={() => setIsMenu(true)}
        >
          <MoreOutlined />
        </button>
      )}
    </div>
  );
}
