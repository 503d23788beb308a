import { ImportOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useMe } from "@/api/queries";
import { useCreate } from "@/shared/resource/CreateProvider";
import styles from "./dashboard.module.css";

/** The first day: what to do so that there is something to see here. */
export function Welcome() {
  const { t } = useTranslation(["dashboard", "app"]);
  const me = useMe();
  const create = useCreate();
  const may = (resource: string, action: string) =>
    (me.can[resource]?.includes(action) ?? false) && !me.preview;
  const customers = useList("customers", { page_size: 1 });
  const people = useList("people", { page_size: 2 }, may("people", "create"));
  const steps = [
    {
      name: "people",
      isShown: may("people", "create"),
      isDone: (people.data?.total.count ?? 0) > 1,
      act: () => create("people"),
    },
    {
      name: "customers",
      isShown: may("customers", "create"),
      isDone: (customers.data?.total.count ?? 0) > 0,
      act: () => create("customers"),
    },
    {
      name: "opportunities",
      isShown: may("opportunities", "create"),
      isDone: false,
      act: () => create("opportunities"),
    },
  ].filter((step) => step.isShown);
  return (
    <div className={styles.welcome}>
      <h1>{t("dashboard:welcome.title", { name: me.person.name })}</h1>
      <p>{t("dashboard:welcome.text")}</p>
      <ol>
        {steps.map((step) => (
          <li key={step.name} data-done={step.isDone || undefined}>
            <div>
              <h2>{t(`dashboard:welcome.${step.name}`)}</h2>
              <p>{t(`dashboard:welcome.${step.name}_text`)}</p>
            </div>
            <div className={styles.verbs}>
              {may(step.name, "import") ? (
                <Link to={`/imports?resource=${step.name}`}>
                  <Button icon={<ImportOutlined />} tabIndex={-1}>
                    {t("dashboard:welcome.import")}
                  </Button>
                </Link>
              ) : null}
              <Button icon={<PlusOutlined />} onClick={step.act}>
                {t("app:new")}
              </Button>
            </div>
          </li>
        ))}
      </ol>
      {me.is_admin ? (
        <p className={styles.demo}>
          {t("dashboard:welcome.demo")} <code>chengdan demo --data ./demo-data</code>
        </p>
      ) : null}
    </div>
  );
}
