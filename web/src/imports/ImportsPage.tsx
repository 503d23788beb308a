import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "@/api/queries";
import type { Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useTitle } from "@/shared/ui/useTitle";
import { isUnderway, useImports } from "./api";
import styles from "./imports.module.css";
import { Upload } from "./Upload";

/** Where a file comes in, and what came in before. */
export function ImportsPage() {
  const { t } = useTranslation("import_wizard");
  useTitle(t("import_wizard:title"));
  const me = useMe();
  const imports = useImports();
  const rows = imports.data?.rows ?? [];
  return (
    <div className={styles.page}>
      <h1>{t("import_wizard:title")}</h1>
      {me.preview ? null : <Upload />}
      <section>
        <h2>{t("import_wizard:past.title")}</h2>
        {imports.isPending ? <Bar /> : null}
        {imports.isError ? (
          <ErrorNotice error={imports.error} retry={() => imports.refetch()} />
        ) : null}
        {imports.data && rows.length === 0 ? (
          <p className={styles.soft}>{t("import_wizard:past.none")}</p>
        ) : null}
        <ul className={styles.past}>
          {rows.map((row) => (
            <Past key={row.id} row={row} by={imports.data?.labels[row.person_id]} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function Past({ row, by }: { row: Schemas["ImportRow"]; by: string | undefined }) {
  const { t } = useTranslation("import_wizard");
  const format = useFormat();
  const said =
    row.state === "done" && row.summary
      ? t("import_wizard:past.made", {
          create: format.number(row.summary.create),
          update: format.number(row.summary.update),
        })
      : isUnderway(row.state) && row.progress.total
        ? `${Math.floor((row.progress.done / row.progress.total) * 100)}%`
        : null;
  return (
    <li>
      <Link to={`/imports/${row.id}`}>
        <b>{row.file_name}</b>
        <span>
          {[
            t(`${row.resource}:title`),
            t("import_wizard:rows", { count: row.row_count, shown: format.number(row.row_count) }),
            by,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className={styles.state} data-state={row.state}>
          {t(`import_wizard:states.${row.state}`)}
          {said ? ` · ${said}` : null}
        </span>
        <time dateTime={row.created_at} title={format.exactInstant(row.created_at)}>
          {format.instant(row.created_at)}
        </time>
      </Link>
    </li>
  );
}
