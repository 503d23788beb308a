import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Tabs } from "@/shared/ui/Tabs";
import styles from "./settings.module.css";
import { TemplateEditor } from "./TemplateEditor";

/** All visit templates as tabs, and the steps of the chosen one. */
export function VisitTemplates() {
  const { t, i18n } = useTranslation(["activities", "settings", "app"]);
  const me = useMe();
  const create = useCreate();
  const [search, setSearch] = useSearchParams();
  const description = useResource("visit_templates");
  const list = useList("visit_templates", { sort: "created_at", page_size: 200 });
  const rows = list.data?.rows ?? [];
  const template = rows.find((row) => row.id === search.get("template")) ?? rows[0];
  const choose = (id: string) => setSearch({ template: id });
  const tabName = (row: Row) => {
    const name = String((i18n.language === "en" ? row.name_en : null) || row.name || "");
    return row.is_active !== false ? name : `${name} ${t("activities:settings.inactive")}`;
  };
  const mayAdd = description?.actions.includes("create") && !me.preview;
  return (
    <div className={styles.page} data-wide>
      <div className={styles.head}>
        <h2>{t("settings:pages.visit_templates")}</h2>
        <Link to="/visit_answers">{t("visit_answers:title")}</Link>
        {mayAdd ? (
          <Button
            icon={<PlusOutlined />}
            onClick={() => create("visit_templates", undefined, (saved) => choose(saved.row.id))}
          >
            {t("app:new_one", { what: t("visit_templates:one") })}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("activities:settings.templates_text")}</p>
      {list.isPending ? <Bar /> : null}
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      {list.data && rows.length === 0 ? (
        <Empty title={t("visit_templates:empty.title")} text={t("visit_templates:empty.text")} />
      ) : null}
      {template ? (
        <>
          <Tabs
            label={t("settings:pages.visit_templates")}
            tabs={rows.map((row) => ({ id: row.id, name: tabName(row) }))}
            current={template.id}
            choose={choose}
          />
          <TemplateEditor key={template.id} template={template} labels={list.data?.labels ?? {}} />
        </>
      ) : null}
    </div>
  );
}
