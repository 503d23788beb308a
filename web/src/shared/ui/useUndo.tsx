import { App, Button } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import { useProblems } from "./problems";

/** Says what was done and offers to take it back, instead of asking before. */
export function useUndo() {
  const { message } = App.useApp();
  const { t } = useTranslation("app");
  const problems = useProblems();
  return useCallback(
    (text: string, batch: string | null | undefined) => {
      const key = batch ?? text;
      const undo = async () => {
        message.destroy(key);
        try {
          await api.post(`/ledger/${batch}/undo`);
          await queryClient.invalidateQueries();
          message.success(t("app:undo.done"));
        } catch (error) {
          message.error(problems.text(error));
        }
      };
      message.open({
        key,
        type: "success",
        duration: batch ? 8 : 3,
        content: (
          <>
            {text}
            {batch ? (
              <Button type="link" size="small" onClick={undo}>
                {t("app:undo.action")}
              </Button>
            ) : null}
          </>
        ),
      });
    },
    [message, t, problems],
  );
}
