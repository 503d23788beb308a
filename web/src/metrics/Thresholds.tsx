import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useList, useMe } from "@/api/queries";
import type { Row } from "@/api/types";
import { useFigureText } from "@/dashboard/useFigureText";
import recordStyles from "@/shared/resource/record/record.module.css";
import { remove } from "@/shared/resource/save";
import { Bar } from "@/shared/ui/Bar";
import { useProblems } from "@/shared/ui/problems";
import styles from "./metrics.module.css";
import { ThresholdDialog } from "./ThresholdDialog";

/** From which figure on a metric is good or fair: for all, and for teams that have their own. */
export function Thresholds({ metric }: { metric: Row }) {
  const { t } = useTranslation(["metric_thresholds", "metrics", "app"]);
  const { message } = App.useApp();
  const problems = useProblems();
  const me = useMe();
  const figures = useFigureText();
  const [open, setOpen] = useState<{ threshold?: Row }>();
  const filter = JSON.stringify({ field: "metric_id", op: "in", value: [metric.id] });
  const list = useList("metric_thresholds", { filter, page_size: 200 });
  if (list.isError) return null;
  const rows = list.data?.rows ?? [];
  const unit = String(metric.unit);
  const mayEdit = !me.preview && (me.can.metrics?.includes("edit") ?? false);
  const teamOf = (row: Row) =>
    row.team_id ? (list.data?.labels[String(row.team_id)] ?? "") : t("metric_thresholds:everybody");
  const drop = async (row: Row) => {
    try {
      await remove("metric_thresholds", row);
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  return (
    <section className={recordStyles.related}>
      <header>
        <h2>
          {t("metric_thresholds:title")}
          {list.data ? <span className={recordStyles.count}>{rows.length}</span> : null}
        </h2>
        {mayEdit ? (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined />}
            aria-label={t("app:new_one", { what: t("metric_thresholds:one") })}
            onClick={() => setOpen({})}
          />
        ) : null}
      </header>
      {list.isPending ? <Bar /> : null}
      {list.data && rows.length === 0 ? (
        <p className={recordStyles.soft}>{t("metric_thresholds:empty.text")}</p>
      ) : null}
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <div className={styles.threshold}>
              <span>
                {teamOf(row)}
                <small>
                  {t("metric_thresholds:said", {
                    good: figures.short(Number(row.good_from), unit),
                    fair: figures.short(Number(row.fair_from), unit),
                  })}
                </small>
              </span>
              {mayEdit ? (
                <>
                  <Button
                    type="text"
                    size="small"
                    icon={<EditOutlined />}
                    aria-label={t("app:edit_field", { field: teamOf(row) })}
                    onClick={() => setOpen({ threshold: row })}
                  />
                  <Button
                    type="text"
                    size="small"
                    danger
                    icon={<DeleteOutlined />}
                    aria-label={t("metric_thresholds:remove", { team: teamOf(row) })}
                    onClick={() => drop(row)}
                  />
                </>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {open ? (
        <ThresholdDialog
          metric={metric}
          threshold={open.threshold}
          close={() => setOpen(undefined)}
        />
      ) : null}
    </section>
  );
}
