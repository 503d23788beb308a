import { useDroppable } from "@dnd-kit/core";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Filter, Labels, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import type { Stage } from "../stages/stages";
import styles from "./board.module.css";
import { Card } from "./Card";
import { type BoardColumn, type Move, useFurtherCards } from "./useBoard";
import { useWindow } from "./useWindow";

type Props = {
  column: BoardColumn;
  stage: Stage | undefined;
  labels: Labels;
  moves: Move[];
  processId: string | undefined;
  filter: Filter | null;
  q: string;
  opened: string | undefined;
  open: (row: Row) => void;
  mayMove: boolean;
};

const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** Height of a card and the gap below it, as the style sheet says them. */
const card_rem = 7.25;
const gap_px = 8;

export function Column(props: Props) {
  const { column, stage, moves, open, opened } = props;
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { setNodeRef, isOver } = useDroppable({ id: column.stage_id, data: { stage } });
  const further = useFurtherCards(column, props);
  const box = useRef<HTMLDivElement>(null);
  const height = card_rem * rem() + gap_px;

  const { cards, labels } = useMemo(() => {
    const pages = further.data?.pages ?? [];
    const here = new Map<string, Row>();
    for (const { row, to } of moves) if (to === column.stage_id) here.set(row.id, row);
    const gone = new Set(
      moves.filter((move) => move.to !== column.stage_id).map((move) => move.row.id),
    );
    for (const row of [...column.cards, ...pages.flatMap((page) => page.rows)]) {
      if (!gone.has(row.id) && !here.has(row.id)) here.set(row.id, row);
    }
    return {
      cards: [...here.values()],
      labels: Object.assign({}, props.labels, ...pages.map((page) => page.labels)) as Labels,
    };
  }, [column, moves, further.data, props.labels]);

  const { first, last } = useWindow(box, cards.length, height);
  const isShort = cards.length < column.count;
  const { fetchNextPage, isFetching, data } = further;
  const hasMore = isShort && (data === undefined || further.hasNextPage);
  useEffect(() => {
    if (hasMore && !isFetching && last >= cards.length - 2) fetchNextPage();
  }, [hasMore, isFetching, last, cards.length, fetchNextPage]);

  const isClosed = column.kind !== "open";
  return (
    <section
      ref={setNodeRef}
      id={`stage-${column.stage_id}`}
      className={styles.column}
      data-over={isOver || undefined}
      data-kind={column.kind}
      data-narrow={(isClosed && column.count === 0) || undefined}
      aria-label={stage?.name}
    >
      <header className={styles.columnHead}>
        <h2>
          <span>{stage?.name ?? "…"}</span>
          <small>{format.number(column.count)}</small>
        </h2>
        <p>
          {column.amount && column.count > 0 ? (
            <span title={format.exactMoney(column.amount)}>{format.money(column.amount)}</span>
          ) : null}
          {column.weighted_amount && column.count > 0 && !isClosed ? (
            <span
              className={styles.weighted}
              title={`${t("opportunities:fields.weighted_amount")} ${format.exactMoney(column.weighted_amount)}`}
            >
              {t("opportunities:board.weighted", { amount: format.money(column.weighted_amount) })}
            </span>
          ) : null}
        </p>
      </header>
      <div ref={box} className={styles.cards}>
        <div style={{ height: cards.length * height }} className={styles.run}>
          {cards.slice(first, last).map((row, index) => (
            <Card
              key={row.id}
              row={row}
              labels={labels}
              stage={stage}
              top={(first + index) * height}
              isOpen={row.id === opened}
              isDraggable={props.mayMove && row.can.includes("edit")}
              open={open}
            />
          ))}
        </div>
        {cards.length === 0 ? (
          <p className={styles.none}>
            {t(isClosed ? `opportunities:board.drop_${column.kind}` : "opportunities:board.none")}
          </p>
        ) : null}
      </div>
    </section>
  );
}
