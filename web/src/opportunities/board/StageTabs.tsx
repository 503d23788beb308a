import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import type { Stage } from "../stages/stages";
import styles from "./board.module.css";
import type { BoardColumn } from "./useBoard";

type Props = {
  columns: BoardColumn[];
  stages: Map<string, Stage>;
  /** The box in which the columns stand side by side, one per screen. */
  track: RefObject<HTMLDivElement | null>;
};

/** On a phone: the stages as tabs above the one column that fits; a swipe moves on to the next. */
export function StageTabs({ columns, stages, track }: Props) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const [current, setCurrent] = useState(0);
  useEffect(() => {
    const box = track.current;
    if (!box) return;
    const follow = () => setCurrent(Math.round(box.scrollLeft / Math.max(1, box.clientWidth)));
    box.addEventListener("scroll", follow, { passive: true });
    return () => box.removeEventListener("scroll", follow);
  }, [track]);
  useEffect(() => {
    document.getElementById(`stage-tab-${current}`)?.scrollIntoView({
      block: "nearest",
      inline: "center",
    });
  }, [current]);
  return (
    <nav className={styles.stageTabs} aria-label={t("opportunities:board.stages")}>
      {columns.map((column, index) => (
        <button
          type="button"
          key={column.stage_id}
          id={`stage-tab-${index}`}
          aria-current={index === current ? "true" : undefined}
          onClick={() => {
            const box = track.current;
            box?.scrollTo({ left: index * box.clientWidth, behavior: "smooth" });
          }}
        >
          {stages.get(column.stage_id)?.name} <small>{format.number(column.count)}</small>
        </button>
      ))}
    </nav>
  );
}
