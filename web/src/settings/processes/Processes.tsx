import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Tabs } from "@/shared/ui/Tabs";
import styles from "../settings.module.css";
import { StagesEditor } from "./StagesEditor";

/** The current revisions of all processes as tabs, and the stages of the chosen one. */
export function Processes() {
  const { t, i18n } = useTranslation(["settings", "app"]);
  const me = useMe();
  const create = useCreate();
  const [search, setSearch] = useSearchParams();
  const description = useResource("processes");
  const list = useList("processes", {
    filter: JSON.stringify({ field: "replaced_by", op: "empty" }),
    sort: "created_at",
    page_size: 200,
  });
  const rows = list.data?.rows ?? [];
  const process = rows.find((row) => row.id === search.get("process")) ?? rows[0];
  const choose = (id: string) => setSearch({ process: id });
  const tabName = (row: Row) => {
    const name = String((i18n.language === "en" ? row.name_en : null) || row.name || "");
    return row.is_active ? name : `${name} ${t("settings:processes.inactive")}`;
  };
  return (
    <div className={styles.page} data-wide>
      <div className={styles.head}>
        <h2>{t("settings:pages.processes")}</h2>
        {description?.actions.includes("create") && !me.preview ? (
          <Button
            icon={<PlusOutlined />}
            onClick={() => create("processes", undefined, (saved) => choose(saved.row.id))}
          >
            {t("app:new_one", { what: t("processes:one") })}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("settings:processes.text")}</p>
      {list.isPending ? <Bar /> : null}
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      {list.data && rows.length === 0 ? (
        <Empty title={t("processes:empty.title")} text={t("processes:empty.text")} />
      ) : null}
      {process ? (
        <>
          <Tabs
            label={t("settings:pages.processes")}
            tabs={rows.map((row) => ({ id: row.id, name: tabName(row) }))}
            current={process.id}
            choose={choose}
          />
          <StagesEditor key={process.id} process={process} onRevised={choose} />
        </>
      ) : null}
    </div>
  );
}
