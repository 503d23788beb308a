import { lazy, Suspense, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import { useTell } from "./MessageProvider";
import { useProblems } from "./problems";

const UndoButton = lazy(() => import("./UndoButton"));

/** Says what was done and offers to take it back, instead of asking before. */
export function useUndo() {
  const tell = useTell();
  const { t } = useTranslation("app");
  const problems = useProblems();
  return useCallback(
    (text: string, batch: string | null | undefined) => {
      const key = batch ?? text;
      const undo = async () => {
        tell((messages) => messages.destroy(key));
        try {
          await api.post(`/ledger/${batch}/undo`);
          await queryClient.invalidateQueries();
          tell((messages) => messages.success(t("app:undo.done")));
        } catch (error) {
          tell((messages) => messages.error(problems.text(error)));
        }
      };
      const content = (
        <>
          {text}
          {batch ? (
            <Suspense fallback={null}>
              <UndoButton onClick={undo} />
            </Suspense>
          ) : null}
        </>
      );
      tell((messages) => messages.open({ key, type: "success", duration: batch ? 8 : 3, content }));
    },
    [tell, t, problems],
  );
}
