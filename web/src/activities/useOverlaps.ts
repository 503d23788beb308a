import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import { useTell } from "@/shared/ui/MessageProvider";

type Warning = { code: string; subject?: string };

/** Mentions, without standing in the way, that something else is planned at the same time, or that nobody is invited. */
export function useOverlaps() {
  const { t } = useTranslation("activities");
  const tell = useTell();
  return useCallback(
    (saved: Row) => {
      const warnings = (saved.warnings as Warning[] | undefined) ?? [];
      const warn = (text: string) => tell((messages) => messages.warning(text, 6));
      if (warnings.some((warning) => warning.code === "mail_not_configured"))
        warn(t("calendar:warnings.mail_not_configured"));
      const subjects = warnings
        .filter((warning) => warning.code === "overlaps")
        .map((warning) => warning.subject ?? "");
      if (subjects.length === 0) return;
      warn(t("activities:overlaps", { subject: subjects.join(t("app:list_joint")) }));
    },
    [tell, t],
  );
}
