import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import { useReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useTitle } from "@/shared/ui/useTitle";
import { usePerformance, usePipeline } from "./api";
import styles from "./dashboard.module.css";
import { FunnelPanel } from "./FunnelPanel";
import { Headline } from "./Headline";
import { LossPanel } from "./LossPanel";
import { MonthsPanel } from "./MonthsPanel";
import { PipelinePanel } from "./PipelinePanel";
import { spans } from "./period";
import { useSlicers } from "./useSlicers";
import { Welcome } from "./Welcome";

/** How the selling goes: every figure opens the records that it counts. */
export function DashboardPage() {
  const { t } = useTranslation("dashboard");
  useTitle(t("dashboard:title"));
  const slicers = useSlicers();
  const performance = usePerformance(slicers.question);
  const pipeline = usePipeline(slicers.question, "person");
  // Whether there is anything at all decides between figures and first steps.
  const any = useList("opportunities", { page_size: 1 });
  if (any.data && any.data.rows.length === 0) return <Welcome />;
  const error = performance.error ?? pipeline.error;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t("dashboard:title")}</h1>
        <Slicers slicers={slicers} />
      </header>
      {error ? (
        <ErrorNotice
          error={error}
          retry={() => {
            performance.refetch();
            pipeline.refetch();
          }}
        />
      ) : (
        <>
          <Headline performance={performance.data} pipeline={pipeline.data} />
          <div className={styles.pair}>
            <FunnelPanel question={slicers.question} />
            <PipelinePanel question={slicers.question} />
          </div>
          <div className={styles.pair}>
            <MonthsPanel performance={performance.data} />
            <LossPanel performance={performance.data} />
          </div>
        </>
      )}
    </div>
  );
}

function Slicers({ slicers }: { slicers: ReturnType<typeof useSlicers> }) {
  const { t, i18n } = useTranslation("dashboard");
  const me = useMe();
  const { span, scope, processId, set } = slicers;
  const mayPick = useResource("people") !== undefined;
  const person = useReferenceLabel(
    "people",
    ["all", "me", "my_team"].includes(scope) ? undefined : scope,
  );
  const processes = useList("processes", {
    filter: JSON.stringify({ field: "is_active", op: "is", value: true }),
    page_size: 200,
  });
  const people = useList(
    "people",
    {
      filter: JSON.stringify({ field: "is_active", op: "is", value: true }),
      sort: "name",
      page_size: 200,
    },
    mayPick,
  );
  const processRows = processes.data?.rows ?? [];
  return (
    <div className={styles.slicers}>
      <Select
        value={span}
        popupMatchSelectWidth={false}
        aria-label={t("dashboard:period")}
        onChange={(next) => set("span", next)}
        options={spans.map((entry) => ({ value: entry, label: t(`dashboard:spans.${entry}`) }))}
      />
      <Select
        value={scope}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: "label" }}
        aria-label={t("dashboard:scope")}
        onChange={(next) => set("scope", next === "all" ? null : next)}
        labelRender={({ label, value }) => label ?? person ?? String(value)}
        options={[
          { value: "all", label: t("dashboard:scopes.all") },
          { value: "me", label: t("dashboard:scopes.me") },
          { value: "my_team", label: t("dashboard:scopes.my_team") },
          ...(people.data?.rows ?? [])
            .filter((row) => row.id !== me.person.id)
            .map((row) => ({ value: row.id, label: String(row.name) })),
        ]}
      />
      {processRows.length > 1 ? (
        <Select
          value={processId ?? ""}
          popupMatchSelectWidth={false}
          aria-label={t("opportunities:fields.process_id")}
          onChange={(next) => set("process", next || null)}
          options={[
            { value: "", label: t("dashboard:usual_process") },
            ...processRows.map((row) => ({
              value: row.id,
              label: String((i18n.language === "en" ? row.name_en : null) || row.name),
            })),
          ]}
        />
      ) : null}
      <Link to="/opportunities">{t("dashboard:to_pipeline")}</Link>
    </div>
  );
}
