import { CheckOutlined, ReloadOutlined } from "@ant-design/icons";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Labels } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./calendar.module.css";
import { type Entry, isMovable } from "./useCalendar";

/** The look of an entry: by its state, and whether it should be over by now. */
export function toneOf(entry: Entry, now: number): string {
  if (entry.is_busy_only) return "busy";
  if (entry.state === "done") return "done";
  if (entry.due_on) return "due";
  return Date.parse(entry.ends_at) < now ? "missed" : "open";
}

export function useEntryText() {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  return (entry: Entry, labels: Labels) => {
    const name = entry.is_busy_only
      ? t("calendar:busy")
      : entry.subject || labels[String(entry.customer_id)] || labels[String(entry.kind_id)] || "";
    const time = entry.is_all_day
      ? t("calendar:all_day")
      : `${format.time(entry.starts_at)}–${format.time(entry.ends_at)}`;
    return { name, time };
  };
}

type Props = {
  entry: Entry;
  labels: Labels;
  /** One line only, for months and rows above the hours. */
  isLine?: boolean;
  open: (entry: Entry) => void;
  onKeyDown?: (event: KeyboardEvent, entry: Entry) => void;
  onBlur?: () => void;
  /** Names the piece for the pointer. */
  pieceKey?: string;
  /** Room for so many lines of the name. */
  lines?: number;
  isGhostly?: boolean;
};

/** One entry as a thing to open and, where the person may, to move. */
export function EntryBlock(props: Props) {
  const { entry, labels, isLine, open, onKeyDown, onBlur, pieceKey, lines, isGhostly } = props;
  const { t } = useTranslation("calendar");
  const { name, time } = useEntryText()(entry, labels);
  const tone = toneOf(entry, Date.now());
  const content = (
    <>
      <span className={styles.blockTime}>
        {isLine ? (entry.is_all_day ? "" : time.slice(0, 5)) : time}
      </span>
      <span className={styles.blockName} style={lines ? { WebkitLineClamp: lines } : undefined}>
        {entry.state === "done" ? <CheckOutlined aria-label={t("calendar:done")} /> : null}
        {entry.series_id ? <ReloadOutlined aria-label={t("calendar:repeats")} /> : null}
        {name}
      </span>
    </>
  );
  const look = {
    className: isLine ? styles.line : styles.block,
    "data-tone": tone,
    "data-ghostly": isGhostly || undefined,
    "data-piece": pieceKey,
    title: `${time} ${name}`,
  };
  if (entry.is_busy_only) return <span {...look}>{content}</span>;
  return (
    <button
      type="button"
      {...look}
      data-movable={isMovable(entry) || undefined}
      aria-keyshortcuts={isMovable(entry) ? "Alt+ArrowUp Alt+ArrowDown" : undefined}
      onClick={() => open(entry)}
      onKeyDown={onKeyDown ? (event) => onKeyDown(event, entry) : undefined}
      onBlur={onBlur}
    >
      {content}
      {isLine || !isMovable(entry) ? null : <span className={styles.edge} data-edge aria-hidden />}
    </button>
  );
}
