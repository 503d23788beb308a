import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList } from "@/api/queries";
import type { Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { Pictures } from "../ActivityEntry";
import { sayDistance } from "../check_in/distance";
import { verdictOf } from "../form/outcomes";
import { sayMinutes } from "../form/SpanInput";
import { AnsweredSteps } from "../templates/AnsweredSteps";
import styles from "./summary.module.css";

const minutesOf = (from: unknown, until: unknown) =>
  Math.round((Date.parse(String(until)) - Date.parse(String(from))) / 60_000);

/** Plan beside deed, so that the difference shows at once. */
export function Summary({ row }: { row: Row }) {
  const { t, i18n } = useTranslation("activities");
  const format = useFormat();
  const verdict = row.state === "done" ? verdictOf(row) : null;
  const spanText = (from: unknown, until: unknown) => {
    if (!from) return "—";
    const length = until ? ` · ${sayMinutes(minutesOf(from, until), t)}` : "";
    return `${format.day(format.dayOf(String(from)))} ${format.time(String(from))}${length}`;
  };
  const isPlanned = Boolean(row.planned_start_at || row.due_on);
  return (
    <div className={styles.summary}>
      {isPlanned ? (
        <section>
          <h2>{t("activities:summary.plan")}</h2>
          <p className={styles.when}>
            {row.planned_start_at
              ? row.is_all_day
                ? `${format.day(format.dayOf(String(row.planned_start_at)))} ${t("activities:line.all_day")}`
                : spanText(row.planned_start_at, row.planned_end_at)
              : format.day(String(row.due_on))}
          </p>
          {row.first_planned_at ? (
            <p className={styles.soft}>
              {t("activities:summary.first", { when: spanText(row.first_planned_at, undefined) })}
            </p>
          ) : null}
          {row.purpose ? <p>{String(row.purpose)}</p> : null}
        </section>
      ) : null}
      {row.state === "done" ? (
        <section>
          <h2>
            {t("activities:summary.deed")}
            {verdict ? (
              <span className={styles.verdict} data-verdict={verdict}>
                {t(`activities:verdicts.${verdict}`)}
              </span>
            ) : null}
          </h2>
          <p className={styles.when}>{spanText(row.started_at, row.ended_at)}</p>
          {row.is_unplanned || row.is_backdated ? (
            <p className={styles.soft}>
              {[
                row.is_unplanned ? t("activities:entry.unplanned") : "",
                row.is_backdated ? t("activities:entry.backdated") : "",
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
          ) : null}
          {row.result ? <p className={styles.result}>{String(row.result)}</p> : null}
          <Pictures id={row.id} />
        </section>
      ) : row.state === "cancelled" ? (
        <section>
          <h2>{t("activities:choices.state.cancelled")}</h2>
          <p>{String(row.cancel_reason ?? "")}</p>
        </section>
      ) : null}
      {row.checked_in_at ? (
        <section>
          <h2>{t("activities:summary.check_in")}</h2>
          <p className={styles.when}>{format.instant(String(row.checked_in_at))}</p>
          <p className={styles.soft}>
            {row.position !== "located"
              ? t(`activities:choices.position.${row.position}`)
              : typeof row.distance_m === "number"
                ? t("activities:check_in.distance", {
                    distance: sayDistance(row.distance_m, i18n.language),
                    accuracy: row.accuracy_m ?? 0,
                  })
                : t("activities:check_in.located", { accuracy: row.accuracy_m ?? 0 })}
          </p>
        </section>
      ) : null}
      <FollowUp row={row} />
      {row.template_version_id ? <AnsweredSteps row={row} /> : null}
    </div>
  );
}

/** What came before this and what is planned after it. */
function FollowUp({ row }: { row: Row }) {
  const { t } = useTranslation("activities");
  const format = useFormat();
  const next = useList(
    "activities",
    {
      filter: JSON.stringify({ field: "follow_up_of_id", op: "in", value: [row.id] }),
      sort: "happens_at",
      page_size: 5,
    },
    row.has_follow_up === true,
  );
  const before = row.follow_up_of_id ? String(row.follow_up_of_id) : undefined;
  if (!before && !next.data?.rows.length) return null;
  return (
    <section>
      <h2>{t(next.data?.rows.length ? "activities:summary.next" : "activities:summary.before")}</h2>
      {next.data?.rows.map((entry) => (
        <p key={entry.id}>
          <Link to={recordPath("activities", entry.id)}>{String(entry.subject)}</Link>{" "}
          <span className={styles.soft}>
            {entry.happens_at ? format.instant(String(entry.happens_at)) : ""}
          </span>
        </p>
      ))}
      {before ? (
        <p className={styles.soft}>
          {next.data?.rows.length ? t("activities:summary.before") : null}{" "}
          <Link to={recordPath("activities", before)}>
            {row.labels?.[before] ?? t("activities:one")}
          </Link>
        </p>
      ) : null}
    </section>
  );
}
