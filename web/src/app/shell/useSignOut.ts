import { App } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import { useOffline } from "@/shared/offline/offline";
import { forgetReads } from "@/shared/offline/reads";
import { useProblems } from "@/shared/ui/problems";

/** Ends the session and forgets everything that was loaded; what waits to be sent stays for the same person. */
export function useSignOut() {
  const { t } = useTranslation(["app", "waiting"]);
  const { modal, message } = App.useApp();
  const problems = useProblems();
  const { writes } = useOffline();
  return useCallback(() => {
    const leave = async () => {
      try {
        await api.delete("/session");
      } catch (error) {
        message.error(problems.text(error));
        return;
      }
      await forgetReads();
      window.location.assign("/sign-in");
    };
    if (writes.length === 0) return leave();
    modal.confirm({
      title: t("waiting:sign_out.title", { count: writes.length }),
      content: t("waiting:sign_out.text"),
      okText: t("app:sign_out"),
      cancelText: t("app:cancel"),
      onOk: leave,
    });
  }, [t, modal, message, problems, writes.length]);
}
