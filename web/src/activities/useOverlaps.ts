import { App } from "antd";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";

type Warning = { code: string; subject?: string };

/** Mentions, without standing in the way, that something else is planned at the same time, or that nobody is invited. */
export function useOverlaps() {
  const { t } = useTranslation("activities");
  const { message } = App.useApp();
  return useCallback(
    (saved: Row) => {
      const warnings = (saved.warnings as Warning[] | undefined) ?? [];
      if (warnings.some((warning) => warning.code === "mail_not_configured"))
        message.warning(t("calendar:warnings.mail_not_configured"), 6);
      const subjects = warnings
        .filter((warning) => warning.code === "overlaps")
        .map((warning) => warning.subject ?? "");
      if (subjects.length === 0) return;
      message.warning(t("activities:overlaps", { subject: subjects.join(t("app:list_joint")) }), 6);
    },
    [message, t],
  );
}
