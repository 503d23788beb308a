import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import { type LineProps, recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useEdit } from "@/shared/resource/CreateProvider";
import { useIsEnding } from "../useIsEnding";
import { useSaid } from "../useSaid";
import { finishActivity } from "../writes";
import type { CheckItem } from "./Checklist";
import styles from "./tasks.module.css";

/** One task: done with one tap, opened with another. */
export function TaskLine({ row, labels }: LineProps) {
  const { t } = useTranslation("activities");
  const format = useFormat();
  const me = useMe();
  const edit = useEdit();
  const navigate = useNavigate();
  const { attempt, isBusy, error } = useSaid();
  const isDone = useIsEnding(row.id) || row.state === "done";
  const mayEdit = row.can?.includes("edit") && !me.preview;
  const items = (row.checklist as CheckItem[] | null) ?? [];
  const due = row.due_on ? String(row.due_on) : undefined;
  const isLate = Boolean(due) && !isDone && (due ?? "") < format.today;
  const isGiven = row.giver_id && row.giver_id !== row.owner_id;
  const facts = [
    labels[String(row.customer_id)],
    items.length > 0 ? `${items.filter((item) => item.done).length}/${items.length}` : "",
    isGiven && row.owner_id !== me.person.id
      ? t("activities:task.for", { name: labels[String(row.owner_id)] ?? "" })
      : isGiven
        ? t("activities:task.from", { name: labels[String(row.giver_id)] ?? "" })
        : "",
  ].filter(Boolean);
  const finish = () =>
    attempt(t("activities:done_said", { name: String(row.subject ?? "") }), () =>
      finishActivity(row, {}),
    );
  return (
    <article className={styles.task} data-done={isDone || undefined}>
      <button
        type="button"
        aria-pressed={isDone}
        aria-label={t("activities:task.done", { name: String(row.subject ?? "") })}
        aria-busy={isBusy || undefined}
        disabled={isDone || !mayEdit}
        className={styles.tick}
        onClick={finish}
      />
      <button
        type="button"
        className={styles.open}
        onClick={() =>
          // Of what is another's to do, one sees how it stands.
          mayEdit
            ? edit("activities", { ...row, labels })
            : navigate(recordPath("activities", row.id))
        }
      >
        <span className={styles.subject}>
          {row.priority === "high" ? (
            <span className={styles.high}>{t("activities:choices.priority.high")}</span>
          ) : null}
          <span>{String(row.subject ?? "")}</span>
        </span>
        {facts.length > 0 ? <small>{facts.join(" · ")}</small> : null}
        {error ? <small role="alert">{error}</small> : null}
      </button>
      {due ? (
        <time dateTime={due} title={format.exactDay(due)} data-late={isLate || undefined}>
          {format.day(due)}
        </time>
      ) : null}
    </article>
  );
}
