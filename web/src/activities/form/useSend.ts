import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/request";
import type { Row } from "@/api/types";
import type { Outcome } from "@/shared/offline/offline";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { useOverlaps } from "../useOverlaps";
import { addActivity, changeActivity, finishActivity } from "../writes";

type Values = Record<string, unknown>;
type Work =
  | { kind: "add"; values: Values; name: string }
  | { kind: "finish"; row: Row; deed: Values }
  | { kind: "change"; row: Row; changes: Values };

type Props = {
  onDone: (saved: Row | undefined, batch: string | null) => void;
  /** Forgets what was typed: it is safe elsewhere now. */
  forget: () => void;
};

const write = (work: Work, photos: File[]): Promise<Outcome> => {
  if (work.kind === "add") return addActivity(work.values, work.name, photos);
  if (work.kind === "finish") return finishActivity(work.row, work.deed, photos);
  return changeActivity(work.row, work.changes);
};

/** Sends what a form holds, with its pictures, and says what the server found wrong at which field. */
export function useSend({ onDone, forget }: Props) {
  const { t } = useTranslation("activities");
  const { message } = App.useApp();
  const problems = useProblems();
  const undo = useUndo();
  const tellOverlaps = useOverlaps();
  const [isBusy, setIsBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [general, setGeneral] = useState<string>();

  const send = async (work: Work, photos: File[] = []) => {
    setIsBusy(true);
    setErrors({});
    setGeneral(undefined);
    try {
      const outcome = await write(work, photos);
      forget();
      if (outcome.state === "sent") {
        const name = String(outcome.data.subject ?? "");
        undo(
          t(work.kind === "finish" ? "activities:done_said" : "activities:saved_said", { name }),
          outcome.batch,
        );
        tellOverlaps(outcome.data);
        onDone(outcome.data, outcome.batch);
      } else {
        message.info(t(`activities:${outcome.state}_said`));
        onDone(undefined, null);
      }
    } catch (error) {
      setIsBusy(false);
      const sorted = error instanceof ProblemError ? problems.sort(error, known) : undefined;
      setErrors(sorted?.fields ?? {});
      const others = sorted?.others ?? [];
      const isSaid = Object.keys(sorted?.fields ?? {}).length > 0 || others.length > 0;
      setGeneral(isSaid ? others.join(" ") || undefined : problems.text(error));
    }
  };
  return { send, isBusy, errors, general };
}

/** Fields that the forms show an error at; what concerns others stands above the form. */
const known = [
  "subject",
  "kind_id",
  "customer_id",
  "contact_ids",
  "opportunity_id",
  "owner_id",
  "planned_start_at",
  "planned_end_at",
  "due_on",
  "started_at",
  "ended_at",
  "purpose",
  "result",
  "outcome",
  "needs_found",
  "competitor",
  "analysis",
  "answers",
  "repeat",
];
