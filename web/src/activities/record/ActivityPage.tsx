import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Row } from "@/api/types";
import { RecordPage } from "@/shared/resource/RecordPage";
import { useDialog } from "@/shared/ui/DialogProvider";
import { isOpen } from "../isOpen";
import { isOnSite, useKind } from "../kinds";
import { Summary } from "./Summary";

/** One activity: what was meant, what was done, and what came of it. */
export function ActivityPage() {
  return (
    <RecordPage
      resource="activities"
      actions={(row) => <Actions row={row} />}
      banner={(row) => <Summary row={row} />}
    />
  );
}

function Actions({ row }: { row: Row }) {
  const { t } = useTranslation("activities");
  const me = useMe();
  const openDialog = useDialog();
  const kind = useKind(row.kind_id);
  if (!isOpen(row) || !row.can.includes("edit") || me.preview) return null;
  const open = (name: string) => () => openDialog(`activities.${name}`, { row });
  return (
    <>
      <Button type="primary" onClick={open("log")}>
        {t("activities:line.log")}
      </Button>
      {isOnSite(kind?.family) && !row.checked_in_at ? (
        <Button onClick={open("check_in")}>{t("activities:line.check_in")}</Button>
      ) : null}
      {row.planned_start_at ? (
        <Button onClick={open("move")}>{t("activities:line.move")}</Button>
      ) : null}
      <Button onClick={open("cancel")}>{t("activities:line.cancel")}</Button>
    </>
  );
}
