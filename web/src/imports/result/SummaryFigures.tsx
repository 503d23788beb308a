import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format/useFormat";
import type { Summary } from "../api";
import styles from "../imports.module.css";

/** How many rows became what, or would. */
export function SummaryFigures({
  summary,
  isRehearsal,
}: {
  summary: Summary;
  isRehearsal?: boolean;
}) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const format = useFormat();
  const made = Object.entries(summary.made ?? {}).filter(([, count]) => count > 0);
  const figures = [
    { name: "create", count: summary.create },
    { name: "update", count: summary.update },
    { name: "skip", count: summary.skip },
    { name: "bad_rows", count: summary.bad_rows },
  ] as const;
  return (
    <div>
      <dl className={styles.figures}>
        {figures.map((figure) => (
          <div
            key={figure.name}
            data-bad={(figure.name === "bad_rows" && figure.count > 0) || undefined}
          >
            <dt>{t(`import_wizard:summary.${figure.name}`)}</dt>
            <dd>{format.number(figure.count)}</dd>
          </div>
        ))}
      </dl>
      {made.length > 0 ? (
        <p className={styles.soft}>
          {t(isRehearsal ? "import_wizard:summary.would_make" : "import_wizard:summary.made", {
            what: made
              .map(([resource, count]) => `${t(`${resource}:title`)} ${format.number(count)}`)
              .join(t("app:list_joint")),
          })}
        </p>
      ) : null}
    </div>
  );
}
