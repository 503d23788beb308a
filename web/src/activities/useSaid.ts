import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Outcome } from "@/shared/offline/offline";
import { useTell } from "@/shared/ui/MessageProvider";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { useOverlaps } from "./useOverlaps";

/** Runs one write, says what was done with a way back, or what stood against it. */
export function useSaid(onDone: () => void = () => undefined) {
  const { t } = useTranslation("activities");
  const tell = useTell();
  const problems = useProblems();
  const undo = useUndo();
  const tellOverlaps = useOverlaps();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const attempt = async (said: string, work: () => Promise<Outcome>) => {
    setIsBusy(true);
    setError(undefined);
    try {
      const outcome = await work();
      if (outcome.state === "sent") {
        undo(said, outcome.batch);
        tellOverlaps(outcome.data);
      } else {
        tell((messages) => messages.info(t(`activities:${outcome.state}_said`)));
      }
      onDone();
    } catch (caught) {
      const [first] = problems.sort(caught, []).others;
      setError(first ?? problems.text(caught));
    } finally {
      setIsBusy(false);
    }
  };
  return { attempt, isBusy, error };
}
