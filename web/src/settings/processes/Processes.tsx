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
import roleStyles from "../roles/roles.module.css";
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
  const nameOf = (row: Row) =>
    String((i18n.language === "en" ? row.name_en : null) || row.name || "");
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
          <nav className={roleStyles.tabs} aria-label={t("settings:pages.processes")}>
            {rows.map((row) => (
              <button
                key={row.id}
                type="button"
                aria-current={row.id === process.id ? "page" : undefined}
                onClick={() => choose(row.id)}
              >
                {nameOf(row)}
                {row.is_active ? null : ` ${t("settings:processes.inactive")}`}
              </button>
            ))}
          </nav>
          <StagesEditor key={process.id} process={process} onRevised={choose} />
        </>
      ) : null}
    </div>
  );
}
