import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import { address } from "@/api/request";
import { listPath } from "@/shared/features";
import { useProblems } from "@/shared/ui/problems";
import { type ImportRecord, undo } from "../api";
import styles from "../imports.module.css";
import { SummaryFigures } from "./SummaryFigures";

/** What an import did, with a way to the records and a way back. */
export function Result({ record }: { record: ImportRecord }) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const [isBusy, setIsBusy] = useState(false);
  const bad = record.summary?.bad_rows ?? 0;
  const takeBack = async () => {
    setIsBusy(true);
    try {
      await undo(record.id);
      message.success(t("import_wizard:result.undone"));
    } catch (error) {
      message.error(problems.text(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className={styles.step}>
      <h2>{t(`import_wizard:states.${record.state}`)}</h2>
      {record.summary ? <SummaryFigures summary={record.summary} /> : null}
      {bad > 0 ? (
        <p>
          {t("import_wizard:result.left_out", { count: bad })}{" "}
          <a
            href={address(`/imports/${record.id}/errors`, { format: "xlsx" })}
            style={{ textDecoration: "underline" }}
            download
          >
            {t("import_wizard:check.file")}
          </a>
        </p>
      ) : null}
      <div className={styles.verbs}>
        <Link
          to={`${listPath(record.resource)}${record.resource === "opportunities" ? "?show=list&view=everything" : ""}`}
        >
          <Button type="primary">
            {t("import_wizard:result.look", { what: t(`${record.resource}:title`) })}
          </Button>
        </Link>
        <Link to={`/imports?resource=${record.resource}`}>
          <Button>{t("import_wizard:result.next")}</Button>
        </Link>
        {record.state === "done" && !me.preview ? (
          <Button loading={isBusy} onClick={takeBack}>
            {t("import_wizard:result.undo")}
          </Button>
        ) : null}
      </div>
      {record.state === "done" ? (
        <p className={styles.soft}>{t("import_wizard:result.undo_text")}</p>
      ) : null}
    </div>
  );
}
