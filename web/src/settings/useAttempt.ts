import { App } from "antd";
import { useCallback, useState } from "react";
import { useProblems } from "@/shared/ui/problems";

/** Runs something that may be refused, and says so; `isBusy` while it runs. */
export function useAttempt() {
  const { message } = App.useApp();
  const problems = useProblems();
  const [isBusy, setIsBusy] = useState(false);
  const attempt = useCallback(
    async (work: () => Promise<unknown>) => {
      setIsBusy(true);
      try {
        await work();
      } catch (error) {
        message.error(problems.text(error));
      } finally {
        setIsBusy(false);
      }
    },
    [message, problems],
  );
  return { attempt, isBusy };
}
