import { type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import type { Labels, Row } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useOffline } from "@/shared/offline/offline";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { PlainButton } from "@/shared/ui/PlainButton";
import { useIsHere } from "@/shared/ui/piece";
import { type Day, useDay } from "./api";
import { Suggestions } from "./Suggestions";
import styles from "./today.module.css";
import { Waiting } from "./Waiting";

/** A person's day: what is planned in its order, then what is due, then what could be done besides. */
export function MyDay({ day }: { day: string | undefined }) {
  const { t } = useTranslation("today");
  const today = useDay(day);
  const isReady = useIsHere(useResourceUi("activities")?.Line);
  if (today.isError && !today.data) {
    return <ErrorNotice error={today.error} retry={() => today.refetch()} />;
  }
  const data = today.data;
  if (!data || !isReady) return <Waiting />;
  const open = data.plan.filter((row) => row.state !== "done" && row.state !== "cancelled");
  return (
    <>
      <Glance day={data} />
      <div className={styles.columns} aria-busy={today.isPlaceholderData || undefined}>
        <div>
          <Lines title={t("today:plan")} rows={open} labels={data.labels} isMain>
            <NoPlan isFree={!data.is_working_day} hasDone={data.done.length > 0} day={data.day} />
          </Lines>
          <Lines title={t("today:done")} rows={data.done} labels={data.labels} />
          <Lines title={t("today:overdue")} rows={data.overdue} labels={data.labels} isLate />
        </div>
        <div>
          <Lines
            id="tasks"
            title={t("today:tasks")}
            rows={data.tasks}
            labels={data.labels}
            all="/tasks"
          />
          <Promises rows={data.promises} labels={data.labels} />
          <Suggestions entries={data.suggestions} />
        </div>
      </div>
    </>
  );
}

/** How much there is of each, with a way to it; on a wide screen all of it shows anyway. */
function Glance({ day }: { day: Day }) {
  const { t } = useTranslation("today");
  const { writes } = useOffline();
  const parts = [
    ["tasks", day.tasks.length],
    ["promises", day.promises.length],
    ["suggestions", day.suggestions.length],
  ] as const;
  return (
    <p className={styles.glance}>
      {parts
        .filter(([, count]) => count > 0)
        .map(([name, count]) => (
          <a key={name} href={`#${name}`}>
            {t(`today:${name}`)} {count}
          </a>
        ))}
      {writes.length > 0 ? (
        <Link to="/waiting">
          {t("today:waiting")} {writes.length}
        </Link>
      ) : null}
    </p>
  );
}

function Section({
  id,
  title,
  count,
  all,
  isLate,
  children,
}: {
  id?: string;
  title: string;
  count: number;
  all?: string;
  isLate?: boolean;
  children: ReactNode;
}) {
  const heading = (
    <>
      {title} <span>{count > 0 ? count : ""}</span>
    </>
  );
  return (
    <section id={id} className={styles.section}>
      <h2 data-late={isLate || undefined}>{all ? <Link to={all}>{heading}</Link> : heading}</h2>
      {children}
    </section>
  );
}

function Lines({
  id,
  title,
  rows,
  labels,
  all,
  isMain,
  isLate,
  children,
}: {
  id?: string;
  title: string;
  rows: Row[];
  labels: Labels;
  /** Where all of them are. */
  all?: string;
  /** Stays when there is nothing, and says so. */
  isMain?: boolean;
  isLate?: boolean;
  children?: ReactNode;
}) {
  const Line = useResourceUi("activities")?.Line;
  if (!Line || (rows.length === 0 && !isMain)) return null;
  return (
    <Section id={id} title={title} count={rows.length} all={all} isLate={isLate}>
      {rows.length === 0 ? children : null}
      <Suspense fallback={<Bar width="70%" />}>
        <ul className={styles.lines}>
          {rows.map((row) => (
            <li key={row.id}>
              <Line row={row} labels={labels} />
            </li>
          ))}
        </ul>
      </Suspense>
    </Section>
  );
}

function NoPlan({ isFree, hasDone, day }: { isFree: boolean; hasDone: boolean; day: string }) {
  const { t } = useTranslation("today");
  const me = useMe();
  const create = useCreate();
  const text = hasDone ? "all_done" : isFree ? "free" : "no_plan";
  return (
    <div className={styles.none}>
      <p>{t(`today:${text}`)}</p>
      {me.preview ? null : (
        <PlainButton primary={!hasDone && !isFree} onClick={() => create("activities", { day })}>
          {t("today:plan_one")}
        </PlainButton>
      )}
    </div>
  );
}

/** Next steps of opportunities that were promised for today or earlier. */
function Promises({ rows, labels }: { rows: Row[]; labels: Labels }) {
  const { t } = useTranslation("today");
  const format = useFormat();
  const me = useMe();
  const create = useCreate();
  if (rows.length === 0) return null;
  return (
    <Section id="promises" title={t("today:promises")} count={rows.length}>
      <ul className={styles.lines}>
        {rows.map((row) => {
          const due = String(row.next_step_on ?? "");
          return (
            <li key={row.id} className={styles.promise}>
              <div>
                <Link to={recordPath("opportunities", row.id)}>{String(row.next_step ?? "")}</Link>
                <p>
                  {[labels[String(row.customer_id)], String(row.name ?? "")]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
              </div>
              <time
                dateTime={due}
                title={due ? format.exactDay(due) : undefined}
                data-late={due < format.today || undefined}
              >
                {due ? format.day(due) : ""}
              </time>
              {me.preview ? null : (
                <PlainButton
                  onClick={() =>
                    create("activities", {
                      customer_id: row.customer_id,
                      opportunity_id: row.id,
                      purpose: row.next_step,
                    })
                  }
                >
                  {t("today:actions.plan")}
                </PlainButton>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
