import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys } from "@/api/queries";
import { address, api } from "@/api/request";
import type { Attachment } from "@/api/types";
import { recordPath, type TimelineRowProps } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { Avatar } from "@/shared/ui/Avatar";
import { verdictOf } from "./form/outcomes";
import { isOpen } from "./isOpen";
import { useKind } from "./kinds";
import styles from "./line.module.css";

/** An activity on a timeline: who, what, how it went, what was said. */
export function ActivityEntry({ entry, labels }: TimelineRowProps) {
  const { t } = useTranslation("activities");
  const format = useFormat();
  const row = entry.activity;
  const kind = useKind(row?.kind_id);
  if (!row) return null;
  const who = labels[String(row.owner_id)] ?? "";
  const at = String(row.happens_at ?? entry.at);
  const verdict = row.state === "done" ? verdictOf(row) : null;
  const steps = Number(row.steps_required) || 0;
  const photos = Number(row.attachment_count ?? 0);
  const facts = [
    steps > 0 ? t("activities:entry.steps", { done: row.steps_done, of: steps }) : "",
    photos > 0 ? t("activities:entry.photos", { count: photos }) : "",
    row.is_unplanned ? t("activities:entry.unplanned") : "",
    row.is_backdated ? t("activities:entry.backdated") : "",
  ].filter(Boolean);
  const told = row.state === "done" ? row.result : row.purpose;
  // A task is its subject; of a visit, kind and customer say it already.
  const said = told || (kind?.family === "task" ? row.subject : null);
  return (
    <li className={styles.entry} data-state={String(row.state)}>
      <Avatar name={who || "·"} size={28} />
      <div>
        <div className={styles.entryHead}>
          <span>
            <strong>{who}</strong>{" "}
            <Link to={recordPath("activities", row.id)}>{kind?.name ?? String(row.subject)}</Link>
            {entry.label ? <span>{entry.label}</span> : null}
            {row.state === "done" ? null : (
              <span className={styles.state}> {t(`activities:choices.state.${row.state}`)}</span>
            )}
            {verdict ? (
              <span className={styles.verdict} data-verdict={verdict}>
                {t(`activities:verdicts.${verdict}`)}
              </span>
            ) : null}
          </span>
          <time dateTime={at} title={format.exactInstant(at)}>
            {format.instant(at)}
          </time>
        </div>
        {said ? <p className={styles.said}>{String(said)}</p> : null}
        {row.state === "cancelled" && row.cancel_reason ? (
          <p className={styles.said}>{String(row.cancel_reason)}</p>
        ) : null}
        {facts.length > 0 ? <p className={styles.facts}>{facts.join(" · ")}</p> : null}
        {photos > 0 && !isOpen(row) ? <Pictures id={row.id} /> : null}
      </div>
    </li>
  );
}

/** The pictures of an activity, small. */
export function Pictures({ id }: { id: string }) {
  const { t } = useTranslation("activities");
  const files = useQuery({
    queryKey: keys.part("activities", id, "attachments"),
    queryFn: () => api.get<{ rows: Attachment[] }>(`/activities/${id}/attachments`),
  });
  const pictures = (files.data?.rows ?? []).filter((file) =>
    file.content_type.startsWith("image/"),
  );
  if (pictures.length === 0) return null;
  return (
    <div className={styles.pictures}>
      {pictures.map((file) => {
        const source = address(`/attachments/${file.id}`, { inline: 1 });
        return (
          <a key={file.id} href={source} target="_blank" rel="noreferrer">
            <img src={source} alt={t("activities:photo.alt")} loading="lazy" />
          </a>
        );
      })}
    </div>
  );
}
