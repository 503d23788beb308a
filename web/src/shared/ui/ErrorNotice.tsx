import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/request";
import { PlainButton } from "./PlainButton";
import { useProblems } from "./problems";
import styles from "./ui.module.css";

/** Says what happened and what to do, in the place of what could not be shown. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation("app");
  const problems = useProblems();
  const requestId = error instanceof ProblemError ? error.problem.request_id : undefined;
  return (
    <div className={styles.empty} role="alert">
      <h2>{t("app:error.title")}</h2>
      <p>{problems.text(error)}</p>
      {requestId ? (
        <p className={styles.faint}>
          {t("app:error.request")} {requestId}
        </p>
      ) : null}
      {retry ? (
        <div className={styles.emptyActions}>
          <PlainButton onClick={retry}>{t("app:error.retry")}</PlainButton>
        </div>
      ) : null}
    </div>
  );
}
