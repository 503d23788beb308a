import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import { useCreate } from "@/shared/resource/CreateProvider";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Tabs } from "@/shared/ui/Tabs";
import styles from "../settings.module.css";
import { RoleEditor } from "./RoleEditor";

/** The roles as tabs, and what the chosen one allows. */
export function Roles() {
  const { t } = useTranslation(["settings", "app"]);
  const me = useMe();
  const create = useCreate();
  const [search, setSearch] = useSearchParams();
  const description = useResource("roles");
  const list = useList("roles", { sort: "created_at", page_size: 200 });
  const rows = list.data?.rows ?? [];
  const role = rows.find((row) => row.id === search.get("role")) ?? rows[0];
  const choose = (id: string) => setSearch({ role: id });
  return (
    <div className={styles.page} data-wide>
      <div className={styles.head}>
        <h2>{t("settings:pages.roles")}</h2>
        {description?.actions.includes("create") && !me.preview ? (
          <Button
            icon={<PlusOutlined />}
            onClick={() => create("roles", undefined, (saved) => choose(saved.row.id))}
          >
            {t("app:new_one", { what: t("roles:one") })}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("settings:roles.text")}</p>
      {list.isPending ? <Bar /> : null}
      {list.isError ? <ErrorNotice error={list.error} retry={() => list.refetch()} /> : null}
      {role ? (
        <>
          <Tabs
            label={t("settings:pages.roles")}
            tabs={rows.map((row) => ({ id: row.id, name: String(row.name) }))}
            current={role.id}
            choose={choose}
          />
          <RoleEditor key={`${role.id}-${role.version}`} row={role} />
        </>
      ) : null}
    </div>
  );
}
