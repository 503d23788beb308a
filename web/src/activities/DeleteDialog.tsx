import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import type { DialogProps } from "@/shared/features";
import { remove } from "@/shared/resource/save";
import { DialogFrame } from "@/shared/ui/DialogFrame";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { ScopeInput } from "./form/ScopeInput";
import { refreshActivity, type Scope } from "./writes";

/** Deletes one of a series and asks how far that reaches: what is done already stays. */
export function DeleteDialog({ given, close }: DialogProps) {
  const { t } = useTranslation(["activities", "app"]);
  const undo = useUndo();
  const problems = useProblems();
  const row = given.row as Row;
  const onDeleted = given.onDeleted as () => void;
  const [scope, setScope] = useState<Scope>("this");
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const batch = await remove("activities", row, { scope });
      close();
      onDeleted();
      undo(t("app:record.deleted", { what: String(row.subject) }), batch);
      refreshActivity();
    } catch (caught) {
      setError(problems.text(caught));
      setIsBusy(false);
    }
  };
  return (
    <DialogFrame
      title={t("activities:delete.title", { name: String(row.subject) })}
      close={close}
      onSubmit={submit}
      footer={
        <Button type="primary" danger htmlType="submit" loading={isBusy}>
          {t("app:delete")}
        </Button>
      }
    >
      {error ? <p role="alert">{error}</p> : null}
      <ScopeInput value={scope} onChange={setScope} label={t("activities:delete.scope")} />
      {scope === "this" ? null : <p>{t("activities:delete.kept")}</p>}
    </DialogFrame>
  );
}
