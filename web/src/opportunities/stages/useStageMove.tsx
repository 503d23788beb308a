import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import { isStale } from "@/shared/resource/save";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { advance, refreshOpportunity } from "./moves";
import { StageDialog } from "./StageDialog";
import type { Stage } from "./stages";

type Asked = { row: Row; target: Stage; error?: ProblemError };
type Watch = {
  /** The person wants it there; show it there until `onEnd`. */
  onStart?: (row: Row, target: Stage) => void;
  /** What the server says is on screen again, whether it moved or not. */
  onEnd?: (row: Row) => void;
};

/** Moves opportunities between stages; asks for what the move needs, and only then. */
export function useStageMove({ onStart, onEnd }: Watch = {}) {
  const { t } = useTranslation("opportunities");
  const { message } = App.useApp();
  const problems = useProblems();
  const undo = useUndo();
  const [asked, setAsked] = useState<Asked>();

  const finish = async (row: Row, target: Stage, batch: string | null) => {
    undo(t("opportunities:move.done", { what: row.name, stage: target.name }), batch);
    await refreshOpportunity(row.id);
    onEnd?.(row);
  };
  const giveUp = async (row: Row, error: unknown) => {
    message.error(problems.text(error));
    if (isStale(error)) await refreshOpportunity(row.id);
    onEnd?.(row);
  };
  const move = async (row: Row, target: Stage) => {
    if (row.stage_id === target.id) return;
    onStart?.(row, target);
    // Closing and reopening always need a word; advancing only when something is missing.
    if (target.kind !== "open" || row.outcome !== "open") return setAsked({ row, target });
    try {
      const { batch } = await advance(row, { stage_id: target.id });
      await finish(row, target, batch);
    } catch (error) {
      const isMissing = error instanceof ProblemError && (error.problem.errors?.length ?? 0) > 0;
      if (isMissing) setAsked({ row, target, error });
      else await giveUp(row, error);
    }
  };
  const dialog = asked ? (
    <StageDialog
      {...asked}
      onDone={(batch) => {
        setAsked(undefined);
        finish(asked.row, asked.target, batch);
      }}
      onFailed={(error) => {
        setAsked(undefined);
        giveUp(asked.row, error);
      }}
      onCancel={() => {
        setAsked(undefined);
        onEnd?.(asked.row);
      }}
    />
  ) : null;
  return { move, dialog };
}
