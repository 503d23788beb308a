import { Alert, Button, Progress, Steps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useTitle } from "@/shared/ui/useTitle";
import {
  cancel,
  check,
  type ImportRecord,
  type ImportState,
  type Mapping,
  run,
  useImport,
} from "./api";
import styles from "./imports.module.css";
import { MappingEditor } from "./mapping/MappingEditor";
import { emptyMapping, fitting, missingTargets } from "./mapping/mapping";
import { SavedMappings } from "./mapping/SavedMappings";
import { Findings } from "./result/Findings";
import { Result } from "./result/Result";

const stepOf: Record<ImportState, number> = {
  uploaded: 1,
  checking: 2,
  checked: 2,
  failed: 2,
  running: 3,
  cancelled: 2,
  done: 4,
  undone: 4,
};

/** One import from its file to its result; the address brings back to where it stands. */
export function ImportPage() {
  const { t } = useTranslation("import_wizard");
  const { id = "" } = useParams();
  const isPhone = useIsPhone();
  const record = useImport(id);
  const [isMapping, setIsMapping] = useState(false);
  useTitle(record.data?.file_name ?? t("import_wizard:title"));
  if (record.isError && !record.data) {
    return <ErrorNotice error={record.error} retry={() => record.refetch()} />;
  }
  if (!record.data) {
    return (
      <div className={styles.page}>
        <Bar width={260} />
      </div>
    );
  }
  const data = record.data;
  const step = isMapping ? 1 : stepOf[data.state];
  return (
    <div className={styles.page} data-wide>
      <header className={styles.head}>
        <nav>
          <Link to="/imports">{t("import_wizard:title")}</Link>
        </nav>
        <h1>{data.file_name}</h1>
        <p className={styles.soft}>
          {t(`${data.resource}:title`)} · <RowCount count={data.row_count} />
        </p>
      </header>
      <Steps
        size="small"
        current={step}
        responsive={false}
        className={styles.steps}
        items={(["upload", "mapping", "check", "run", "result"] as const).map((name) => ({
          title: isPhone ? undefined : t(`import_wizard:steps.${name}`),
        }))}
      />
      <Stage record={data} isMapping={isMapping} setIsMapping={setIsMapping} />
    </div>
  );
}

function RowCount({ count }: { count: number }) {
  const { t } = useTranslation("import_wizard");
  const format = useFormat();
  return <>{t("import_wizard:rows", { count, shown: format.number(count) })}</>;
}

type StageProps = {
  record: ImportRecord;
  isMapping: boolean;
  setIsMapping: (isMapping: boolean) => void;
};

function Stage({ record, isMapping, setIsMapping }: StageProps) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const problems = useProblems();
  const columns = record.columns ?? [];
  const targets = record.targets ?? [];
  const [draft, setDraft] = useState<Mapping>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const checked = fitting(record.mapping ?? emptyMapping, columns);
  const mapping = draft ?? checked;
  const attempt = async (work: () => Promise<void>) => {
    setError(undefined);
    setIsBusy(true);
    try {
      await work();
      setIsMapping(false);
    } catch (caught) {
      const sorted = problems.sort(caught, []);
      setError(sorted.others.length > 0 ? sorted.others.join(" ") : problems.text(caught));
    } finally {
      setIsBusy(false);
    }
  };
  const change = (next: Mapping) => {
    setError(undefined);
    setDraft(next);
  };
  const checkNow = () =>
    attempt(async () => {
      await check(record.id, mapping);
      // From here on the mapping that was checked is the one to start with, repaired by nothing yet.
      setDraft(undefined);
    });
  const refusal = error ? <Alert type="error" showIcon role="alert" title={error} /> : null;

  if (record.state === "checking" || record.state === "running") {
    return <Underway record={record} />;
  }
  if (record.state === "done" || record.state === "undone") return <Result record={record} />;
  if (record.state === "uploaded" || isMapping) {
    const isUnfinished = missingTargets(mapping, targets).length > 0;
    return (
      <>
        {record.is_saved_mapping && !draft ? (
          <p className={styles.soft}>{t("import_wizard:kept.taken")}</p>
        ) : null}
        {refusal}
        <MappingEditor
          resource={record.resource}
          columns={columns}
          targets={targets}
          mapping={mapping}
          onChange={change}
        />
        <footer className={styles.foot}>
          <SavedMappings
            resource={record.resource}
            mapping={mapping}
            onTake={(kept) => change(fitting(kept, columns))}
          />
          <span className={styles.space} />
          {isMapping ? (
            <Button onClick={() => setIsMapping(false)}>{t("app:cancel")}</Button>
          ) : null}
          <Button type="primary" loading={isBusy} disabled={isUnfinished} onClick={checkNow}>
            {t("import_wizard:check.start")}
          </Button>
        </footer>
      </>
    );
  }
  const bad = record.summary?.bad_rows ?? 0;
  const good = (record.summary?.create ?? 0) + (record.summary?.update ?? 0);
  // Whether bad rows stay out is no repair: what was checked still holds.
  const isRepaired =
    draft !== undefined &&
    JSON.stringify({ ...draft, skip_bad_rows: checked.skip_bad_rows }) !== JSON.stringify(checked);
  const canRun = record.summary && good > 0 && !isRepaired && (bad === 0 || mapping.skip_bad_rows);
  return (
    <>
      {record.state === "cancelled" ? (
        <Alert type="info" showIcon title={t("import_wizard:cancelled")} />
      ) : null}
      {record.problem ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={record.problem.message ?? t("import_wizard:failed")}
        />
      ) : null}
      {refusal}
      <Findings record={record} targets={targets} mapping={mapping} onChange={change} />
      <footer className={styles.foot}>
        <Button onClick={() => setIsMapping(true)}>{t("import_wizard:mapping.change")}</Button>
        <span className={styles.space} />
        {bad > 0 ? (
          <label className={styles.skip}>
            <input
              type="checkbox"
              checked={mapping.skip_bad_rows}
              onChange={(event) => change({ ...mapping, skip_bad_rows: event.target.checked })}
            />
            {t("import_wizard:check.skip_bad", { count: bad })}
          </label>
        ) : null}
        {isRepaired || bad > 0 || !record.summary ? (
          <Button
            type={isRepaired || !record.summary ? "primary" : "default"}
            loading={isBusy}
            onClick={checkNow}
          >
            {t("import_wizard:check.again")}
          </Button>
        ) : null}
        {canRun ? (
          <Button
            type="primary"
            loading={isBusy}
            onClick={() => attempt(() => run(record.id, mapping))}
          >
            {t(bad > 0 ? "import_wizard:run.start_some" : "import_wizard:run.start", {
              count: good,
            })}
          </Button>
        ) : null}
      </footer>
    </>
  );
}

/** How far a check or a run is; leaving the page doesn't stop it. */
function Underway({ record }: { record: ImportRecord }) {
  const { t } = useTranslation(["import_wizard", "app"]);
  const format = useFormat();
  const done = record.progress?.done ?? 0;
  const total = record.progress?.total ?? record.row_count;
  const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;
  return (
    <section className={styles.underway} aria-live="polite">
      <h2>{t(`import_wizard:states.${record.state}`)}</h2>
      <Progress percent={percent} status="active" aria-label={t("import_wizard:run.progress")} />
      <p className={styles.soft}>
        {t("import_wizard:run.rows", { done: format.number(done), total: format.number(total) })}
        {" · "}
        {t("import_wizard:run.leave")}
      </p>
      <Button onClick={() => cancel(record.id)}>{t("app:cancel")}</Button>
    </section>
  );
}
