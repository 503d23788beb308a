import { App, Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Comment, Labels, TimelineEntry } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { Avatar } from "@/shared/ui/Avatar";
import { useProblems } from "@/shared/ui/problems";
import { AttachmentItem } from "./AttachmentItem";
import { Changes } from "./Changes";
import styles from "./record.module.css";

type Props = {
  resource: string;
  entry: TimelineEntry;
  labels: Labels;
  /** Also with the values of a record that came or went. */
  isFull?: boolean;
  onChanged: () => void;
};

/** One thing that happened: who, what, when. */
export function Entry({ resource, entry, labels, isFull, onChanged }: Props) {
  const { t, i18n } = useTranslation(["app", "ledger"]);
  const format = useFormat();
  const actor = entry.actor_id ? (labels[entry.actor_id] ?? "") : t("app:timeline.system");
  const isSaid = entry.kind === "comment" || entry.kind === "attachment";
  const actionKey = `ledger:actions.${entry.action ?? entry.kind}`;
  const action = isSaid
    ? t(`app:timeline.${entry.kind}`)
    : t(i18n.exists(actionKey) ? actionKey : "ledger:actions.update");
  // A source says its kind before a colon: `import:…`, `token:…`; the web itself needs no mention.
  const sourceKey = `ledger:sources.${entry.source?.split(":")[0]}`;
  const source = i18n.exists(sourceKey) ? t(sourceKey) : undefined;
  const about = labels[(entry.about as { person_id?: string } | undefined)?.person_id ?? ""];
  const cameOrWent = ["create", "delete", "restore"].includes(entry.action ?? "");
  const showsChanges = !isSaid && Boolean(entry.changes?.length) && (isFull || !cameOrWent);
  return (
    <li className={styles.entry} data-kind={isSaid ? "said" : "changed"}>
      <Avatar name={actor || "·"} size={isSaid ? 28 : 20} />
      <div className={styles.entryBody}>
        <div className={styles.entryHead}>
          <span>
            <strong>{actor}</strong> {action}
            {about ? <> {about}</> : null}
            {entry.label && entry.resource && entry.record_id ? (
              <>
                {" · "}
                {t(`${entry.resource}:one`)}{" "}
                <Link to={recordPath(entry.resource, entry.record_id)}>{entry.label}</Link>
              </>
            ) : null}
            {source ? <span className={styles.soft}> · {source}</span> : null}
          </span>
          <time dateTime={entry.at} title={format.exactInstant(entry.at)}>
            {format.instant(entry.at)}
          </time>
        </div>
        {entry.comment ? (
          <CommentBody comment={entry.comment} labels={labels} onChanged={onChanged} />
        ) : null}
        {entry.attachment ? (
          <AttachmentItem attachment={entry.attachment} onChanged={onChanged} />
        ) : null}
        {showsChanges ? (
          <Changes
            resource={entry.label ? (entry.resource ?? resource) : resource}
            changes={entry.changes ?? []}
            labels={labels}
          />
        ) : null}
        {!isSaid && entry.can_undo && entry.batch && entry.action !== "create" ? (
          <UndoButton batch={entry.batch} />
        ) : null}
      </div>
    </li>
  );
}

export function UndoButton({ batch }: { batch: string }) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const [isBusy, setIsBusy] = useState(false);
  if (me.preview) return null;
  const undo = async () => {
    setIsBusy(true);
    try {
      await api.post(`/ledger/${batch}/undo`);
      message.success(t("app:undo.done"));
      await queryClient.invalidateQueries();
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button type="link" size="small" className={styles.undo} loading={isBusy} onClick={undo}>
      {t("app:undo.action")}
    </Button>
  );
}

/** The comment's text with the names of mentioned people set apart. */
function withMentions(comment: Comment, labels: Labels): ReactNode[] {
  const names = comment.mentions.map((id) => labels[id]).filter((name) => name !== undefined);
  if (names.length === 0) return [comment.body];
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return comment.body.split(new RegExp(`(@(?:${escaped.join("|")}))`)).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text
    part.startsWith("@") && index % 2 === 1 ? <b key={index}>{part}</b> : part,
  );
}

function CommentBody({
  comment,
  labels,
  onChanged,
}: {
  comment: Comment;
  labels: Labels;
  onChanged: () => void;
}) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const problems = useProblems();
  const [draft, setDraft] = useState<string>();
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setDraft(undefined);
      onChanged();
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  if (draft !== undefined) {
    return (
      <div className={styles.commentEdit}>
        <Input.TextArea
          autoFocus
          autoSize
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          aria-label={t("app:comment.title")}
        />
        <Button
          size="small"
          type="primary"
          disabled={!draft.trim()}
          onClick={() =>
            attempt(() =>
              api.patch(
                `/comments/${comment.id}`,
                { body: draft.trim(), mentions: comment.mentions },
                comment.version,
              ),
            )
          }
        >
          {t("app:save")}
        </Button>
        <Button size="small" onClick={() => setDraft(undefined)}>
          {t("app:cancel")}
        </Button>
      </div>
    );
  }
  return (
    <>
      <p className={styles.comment}>{withMentions(comment, labels)}</p>
      {comment.can?.length ? (
        <div className={styles.commentActions}>
          {comment.can.includes("edit") ? (
            <button type="button" onClick={() => setDraft(comment.body)}>
              {t("app:edit")}
            </button>
          ) : null}
          {comment.can.includes("delete") ? (
            <button
              type="button"
              onClick={() => attempt(() => api.delete(`/comments/${comment.id}`, comment.version))}
            >
              {t("app:delete")}
            </button>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
