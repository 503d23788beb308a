import { useDraggable } from "@dnd-kit/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Labels, Money, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Avatar } from "@/shared/ui/Avatar";
import { daysInStage, type Stage } from "../stages/stages";
import styles from "./board.module.css";

type Face = { row: Row; labels: Labels; stage: Stage | undefined };

/** What a card says: whose it is, what it is worth, what comes next, and whether it stands too long. */
export function CardFace({ row, labels, stage }: Face) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const amount = row.amount as Money | null;
  const chance = row.win_chance as number | null;
  const isOpen = row.outcome === "open";
  const days = isOpen ? daysInStage(row) : null;
  const standard = stage?.standard_days ?? null;
  const isOver = days !== null && standard !== null && days > standard;
  const nextOn = row.next_step_on ? String(row.next_step_on) : null;
  const isLate = isOpen && nextOn !== null && nextOn < format.today;
  const owner = row.owner_id ? labels[String(row.owner_id)] : undefined;
  const closedOn = row.closed_on ? String(row.closed_on) : null;
  return (
    <>
      <span className={styles.cardTop}>
        <span className={styles.customer}>{labels[String(row.customer_id)] ?? "—"}</span>
        {owner ? (
          <span title={owner}>
            <Avatar name={owner} size={22} />
            <span className="visually-hidden">{owner}</span>
          </span>
        ) : null}
      </span>
      <span className={styles.name}>{String(row.name)}</span>
      <span className={styles.figures}>
        {amount ? (
          <b title={format.exactMoney(amount)}>{format.money(amount)}</b>
        ) : (
          <span className={styles.faint}>{t("opportunities:card.no_amount")}</span>
        )}
        {isOpen && chance !== null && chance !== undefined ? <span>{chance}%</span> : null}
        {days !== null ? (
          <span
            className={styles.days}
            data-over={isOver || undefined}
            title={
              standard === null ? undefined : t("opportunities:card.standard", { days: standard })
            }
          >
            {t("opportunities:card.days", { days: format.number(days) })}
            {isOver ? (
              <span className="visually-hidden">{t("opportunities:card.over")}</span>
            ) : null}
          </span>
        ) : null}
      </span>
      <span className={styles.next} data-late={isLate || undefined}>
        {!isOpen && closedOn ? (
          t("opportunities:card.closed", { day: format.day(closedOn) })
        ) : row.next_step || nextOn ? (
          <>
            {nextOn ? <time dateTime={nextOn}>{format.day(nextOn)}</time> : null}{" "}
            {String(row.next_step ?? "")}
          </>
        ) : isOpen ? (
          t("opportunities:card.no_next_step")
        ) : null}
      </span>
    </>
  );
}

type Props = Face & {
  isDraggable: boolean;
  isOpen: boolean;
  /** Distance in px from the top of the column. */
  top: number;
  open: (row: Row) => void;
};

/** A card that opens on a click or Enter, and moves by the mouse or, after Space, by the arrow keys. */
export const Card = memo(function Card({ isDraggable, isOpen, top, open, ...face }: Props) {
  const { row } = face;
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({
    id: row.id,
    data: { row },
    disabled: !isDraggable,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may not be dragged by the mouse in every browser
    <div
      ref={setNodeRef}
      {...attributes}
      {...listeners}
      role="button"
      tabIndex={0}
      aria-disabled={false}
      className={styles.card}
      data-dragging={isDragging || undefined}
      data-open={isOpen || undefined}
      style={{ top }}
      onClick={() => open(row)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isDragging) {
          event.preventDefault();
          open(row);
        } else listeners?.onKeyDown?.(event);
      }}
    >
      <CardFace {...face} />
    </div>
  );
});
