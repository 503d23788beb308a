import type {
  Announcements,
  KeyboardCoordinateGetter,
  ScreenReaderInstructions,
} from "@dnd-kit/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import type { Stage } from "../stages/stages";

/** Left and right arrows carry the lifted card to the neighbouring column. */
export const nextColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = event.code === "ArrowRight" ? 1 : event.code === "ArrowLeft" ? -1 : 0;
  if (step === 0) return undefined;
  event.preventDefault();
  const columns = [...context.droppableRects]
    .map(([id, rect]) => ({ id, rect }))
    .sort((a, b) => a.rect.left - b.rect.left);
  const here = columns.findIndex((column) => column.id === context.over?.id);
  const next = columns[Math.min(Math.max(here + step, 0), columns.length - 1)];
  return next ? { x: next.rect.left + 8, y: currentCoordinates.y } : undefined;
};

/** What a screen reader says while a card moves. */
export function useAnnouncements(stages: Stage[] | undefined): {
  announcements: Announcements;
  screenReaderInstructions: ScreenReaderInstructions;
} {
  const { t } = useTranslation("opportunities");
  return useMemo(() => {
    const what = (data: { row?: Row } | undefined) => String(data?.row?.name ?? "");
    const stage = (id: string | number | undefined) =>
      stages?.find((entry) => entry.id === id)?.name ?? "";
    return {
      screenReaderInstructions: { draggable: t("opportunities:drag.how") },
      announcements: {
        onDragStart: ({ active }) =>
          t("opportunities:drag.lifted", { what: what(active.data.current) }),
        onDragOver: ({ over }) =>
          over ? t("opportunities:drag.over", { stage: stage(over.id) }) : undefined,
        onDragEnd: ({ active, over }) =>
          over
            ? t("opportunities:drag.dropped", {
                what: what(active.data.current),
                stage: stage(over.id),
              })
            : t("opportunities:drag.cancelled"),
        onDragCancel: () => t("opportunities:drag.cancelled"),
      },
    };
  }, [t, stages]);
}
