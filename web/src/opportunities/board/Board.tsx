import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMe } from "@/api/queries";
import type { Row } from "@/api/types";
import { recordPath } from "@/shared/features";
import type { ListState } from "@/shared/resource/list/useListState";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useIsPhone } from "@/shared/ui/useMedia";
import { type Stage, useStages } from "../stages/stages";
import { useStageMove } from "../stages/useStageMove";
import styles from "./board.module.css";
import { CardFace } from "./Card";
import { Column } from "./Column";
import { nextColumn, useAnnouncements } from "./keyboard";
import { StageTabs } from "./StageTabs";
import { type Move, useBoard, withMoves } from "./useBoard";

/** By the mouse, the column under it; by keys, the one whose middle is nearest. */
const collision: CollisionDetection = (args) =>
  args.pointerCoordinates ? pointerWithin(args) : closestCenter(args);

type Props = { state: ListState; processId: string | undefined };

/** The opportunities of a process as cards in the columns of its stages. */
export function Board({ state, processId }: Props) {
  const { t } = useTranslation("opportunities");
  const me = useMe();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const board = useBoard({ processId, filter: state.filter, q: state.q });
  const stages = useStages(board.data?.process_id);
  const [moves, setMoves] = useState<Move[]>([]);
  const [dragged, setDragged] = useState<Row>();
  const track = useRef<HTMLDivElement>(null);
  const without = (row: Row) => (before: Move[]) => before.filter((move) => move.row.id !== row.id);
  const { move, dialog } = useStageMove({
    onStart: (row, target) =>
      setMoves((before) => [...without(row)(before), { row, to: target.id }]),
    onEnd: (row) => setMoves(without(row)),
  });
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: nextColumn,
      keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] },
    }),
  );
  const accessibility = useAnnouncements(stages);
  const columns = useMemo(
    () => withMoves(board.data?.columns ?? [], moves),
    [board.data?.columns, moves],
  );
  const stageOf = useMemo(
    () => new Map((stages ?? []).map((stage) => [stage.id, stage])),
    [stages],
  );

  if (board.isError) return <ErrorNotice error={board.error} retry={() => board.refetch()} />;
  if (!board.data || !stages) return <BoardSkeleton />;
  const labels = board.data.labels;
  const open = (row: Row) => {
    if (isPhone) navigate(recordPath("opportunities", row.id));
    else state.set({ open: row.id }, state.open !== undefined);
  };
  const drop = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    const row = active.data.current?.row as Row | undefined;
    const target = over?.data.current?.stage as Stage | undefined;
    if (row && target) move(row, target);
  };
  const isEmpty = columns.every((column) => column.count === 0);
  const isNarrowed = Boolean(state.filter || state.q);
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={collision}
      accessibility={accessibility}
      onDragStart={({ active }) => setDragged(active.data.current?.row as Row)}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={drop}
    >
      {isPhone ? <StageTabs columns={columns} stages={stageOf} track={track} /> : null}
      {isEmpty ? (
        <div className={styles.nothing}>
          <Empty
            title={t(isNarrowed ? "opportunities:board.no_match" : "opportunities:empty.title")}
            text={t(isNarrowed ? "opportunities:board.no_match_text" : "opportunities:empty.text")}
          >
            {isNarrowed ? (
              <Button onClick={() => state.set({ view: "open", f: null, q: null })}>
                {t("opportunities:board.show_open")}
              </Button>
            ) : null}
          </Empty>
        </div>
      ) : null}
      <div
        ref={track}
        className={styles.board}
        data-stale={board.isPlaceholderData || undefined}
        hidden={isEmpty}
      >
        {columns.map((column) => (
          <Column
            key={column.stage_id}
            column={column}
            stage={stageOf.get(column.stage_id)}
            labels={labels}
            moves={moves}
            processId={board.data?.process_id ?? undefined}
            filter={state.filter}
            q={state.q}
            opened={state.open}
            open={open}
            mayMove={!me.preview && !isPhone}
          />
        ))}
      </div>
      {createPortal(
        <DragOverlay dropAnimation={null}>
          {dragged ? (
            <div className={styles.card} data-lifted>
              <CardFace
                row={dragged}
                labels={labels}
                stage={stageOf.get(String(dragged.stage_id))}
              />
            </div>
          ) : null}
        </DragOverlay>,
        document.body,
      )}
      {dialog}
    </DndContext>
  );
}

function BoardSkeleton() {
  return (
    <div className={styles.board} aria-busy>
      {[4, 3, 5, 2, 1].map((cards) => (
        <div key={cards} className={styles.column}>
          <header className={styles.columnHead}>
            <Bar width="50%" />
          </header>
          <div className={styles.cards}>
            {Array.from({ length: cards }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: grey boxes without identity
              <div key={index} className={styles.waiting} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
