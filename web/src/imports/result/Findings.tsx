import { DownloadOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { address } from "@/api/request";
import { useFormat } from "@/shared/format/useFormat";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import type { ImportRecord, Kind, Mapping, Target, Trouble } from "../api";
import styles from "../imports.module.css";
import { Meaning } from "../mapping/ColumnOptions";
import { withColumn, withMeaning } from "../mapping/mapping";
import { SummaryFigures } from "./SummaryFigures";

type Props = {
  record: ImportRecord;
  targets: Target[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
};

/** What the dry run found: what would happen, which cells are wrong, and how to mend many at once. */
export function Findings({ record, targets, mapping, onChange }: Props) {
  const { t } = useTranslation("import_wizard");
  const format = useFormat();
  const kinds = (record.kinds ?? []).filter((kind) => !kind.is_warning);
  const errors = record.errors ?? [];
  const warnings = record.warnings ?? [];
  const bad = record.summary?.bad_rows ?? 0;
  const file = (kind: "xlsx" | "csv") =>
    window.location.assign(address(`/imports/${record.id}/errors`, { format: kind }));
  return (
    <div className={styles.step}>
      {record.summary ? <SummaryFigures summary={record.summary} isRehearsal /> : null}
      {record.summary && bad === 0 && errors.length === 0 ? (
        <p className={styles.good}>{t("import_wizard:check.good")}</p>
      ) : null}
      {kinds.length > 0 ? (
        <section>
          <h2>{t("import_wizard:check.kinds")}</h2>
          <p className={styles.soft}>{t("import_wizard:check.kinds_text")}</p>
          <MissingRecords kinds={kinds} targets={targets} mapping={mapping} onChange={onChange} />
          <ul className={styles.kinds}>
            {kinds.slice(0, 30).map((kind) => (
              <Mend
                key={`${kind.column}-${kind.code}-${kind.value}`}
                record={record}
                kind={kind}
                target={targets.find((target) => target.field === kind.field)}
                mapping={mapping}
                onChange={onChange}
              />
            ))}
          </ul>
        </section>
      ) : null}
      {errors.length > 0 ? (
        <section>
          <div className={styles.sectionHead}>
            <h2>{t("import_wizard:check.cells")}</h2>
            {bad > errors.length ? (
              <span className={styles.soft}>
                {t("import_wizard:check.first", { count: errors.length })}
              </span>
            ) : null}
            <Dropdown
              trigger={["click"]}
              menu={{
                items: [
                  { key: "xlsx", label: "Excel", onClick: () => file("xlsx") },
                  { key: "csv", label: "CSV", onClick: () => file("csv") },
                ],
              }}
            >
              <Button size="small" icon={<DownloadOutlined />}>
                {t("import_wizard:check.file")}
              </Button>
            </Dropdown>
          </div>
          <Cells troubles={errors} />
        </section>
      ) : null}
      {warnings.length > 0 ? (
        <details className={styles.warnings}>
          <summary>
            {t("import_wizard:check.warnings", {
              count: record.summary?.warnings ?? warnings.length,
              shown: format.number(record.summary?.warnings ?? warnings.length),
            })}
          </summary>
          <ul>
            {warnings.slice(0, 50).map((warning) => (
              <li key={`${warning.row}-${warning.column}-${warning.code}`}>
                {t("import_wizard:check.row", { row: warning.row })} · {warning.message}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}

/** Columns that name records which don't exist: they can be made along the way. */
function MissingRecords({
  kinds,
  targets,
  mapping,
  onChange,
}: {
  kinds: Kind[];
  targets: Target[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}) {
  const { t } = useTranslation("import_wizard");
  const columns = [...new Set(kinds.filter((kind) => kind.value).map((kind) => kind.column ?? ""))]
    .map((name) => ({ name, mapped: mapping.columns[name] }))
    .flatMap(({ name, mapped }) => {
      const target = targets.find((entry) => entry.field === mapped?.field);
      // Stages belong to their process; they are not made on the way.
      return mapped && target?.reference && target.reference !== "stages"
        ? [{ name, mapped, reference: target.reference }]
        : [];
    });
  return (
    <>
      {columns.map(({ name, mapped, reference }) => (
        <label key={name} className={styles.makeMissing}>
          <input
            type="checkbox"
            checked={mapped.create_missing === true}
            onChange={(event) =>
              onChange(
                withColumn(mapping, name, {
                  ...mapped,
                  create_missing: event.target.checked || undefined,
                }),
              )
            }
          />
          {t("import_wizard:check.make_missing", { column: name, what: t(`${reference}:one`) })}
        </label>
      ))}
    </>
  );
}

/** One kind of trouble, and what its word means instead. */
function Mend({
  record,
  kind,
  target,
  mapping,
  onChange,
}: {
  record: ImportRecord;
  kind: Kind;
  target: Target | undefined;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}) {
  const { t } = useTranslation("import_wizard");
  const format = useFormat();
  // Whatever is wrong with a word, it may be told what it means.
  const isMendable = Boolean(kind.column && target && kind.value);
  const meant = kind.column ? mapping.columns[kind.column]?.values?.[kind.value] : undefined;
  return (
    <li>
      <span className={styles.kindCount}>
        {t("import_wizard:rows", {
          count: kind.count,
          shown: format.number(kind.count),
        })}
      </span>
      <span className={styles.kindText}>
        {kind.column ? <b>{kind.column}</b> : null} {kind.value ? <q>{kind.value}</q> : null}{" "}
        <span className={styles.soft}>{kind.message}</span>
      </span>
      {isMendable && target && kind.column ? (
        <span className={styles.mend}>
          <span>{t("import_wizard:options.means")}</span>
          <Meaning
            resource={record.resource}
            target={target}
            value={meant ?? ""}
            label={t("import_wizard:check.means", { value: kind.value })}
            onChange={(value) =>
              onChange(withMeaning(mapping, kind.column ?? "", kind.value, value || null))
            }
          />
        </span>
      ) : null}
    </li>
  );
}

function Cells({ troubles }: { troubles: Trouble[] }) {
  const { t } = useTranslation("import_wizard");
  const format = useFormat();
  return (
    <ScrollBox isTall label={t("import_wizard:check.cells")}>
      <table className={styles.columns}>
        <thead>
          <tr>
            <th scope="col">{t("import_wizard:check.row_head")}</th>
            <th scope="col">{t("import_wizard:mapping.column")}</th>
            <th scope="col">{t("import_wizard:check.value")}</th>
            <th scope="col">{t("import_wizard:check.reason")}</th>
          </tr>
        </thead>
        <tbody>
          {troubles.map((trouble) => (
            <tr key={`${trouble.row}-${trouble.column}-${trouble.code}`}>
              <td>{format.number(trouble.row)}</td>
              <td>{trouble.column ?? "—"}</td>
              <td className={styles.value}>{trouble.value || "—"}</td>
              <td>{trouble.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
