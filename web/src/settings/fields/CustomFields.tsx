import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useMeta } from "@/api/queries";
import { api } from "@/api/request";
import { useNames } from "@/shared/resource/names";
import { Bar } from "@/shared/ui/Bar";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";
import { type CustomField, refreshFields, useCustomFields } from "./customFields";
import { FieldDialog } from "./FieldDialog";

/** Fields that the company added to the built-in ones, by resource. */
export function CustomFields() {
  const { t } = useTranslation(["settings", "app"]);
  const { message } = App.useApp();
  const me = useMe();
  const { resources } = useMeta();
  const names = useNames();
  const { attempt } = useAttempt();
  const fields = useCustomFields();
  const [open, setOpen] = useState<{ field?: CustomField }>();
  const rows = fields.data ?? [];
  const configurable = resources.filter((resource) => resource.actions.includes("configure"));
  const mayEdit = configurable.length > 0 && !me.preview;
  const remove = (field: CustomField) =>
    attempt(async () => {
      await api.delete(`/custom-fields/${field.id}`, field.version);
      await refreshFields();
      message.success(t("settings:fields.removed", { name: names.field(field.resource, field) }));
    });
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h2>{t("settings:pages.custom_fields")}</h2>
        {mayEdit ? (
          <Button icon={<PlusOutlined />} onClick={() => setOpen({})}>
            {t("settings:fields.add")}
          </Button>
        ) : null}
      </div>
      <p className={styles.intro}>{t("settings:fields.text")}</p>
      {fields.isPending ? <Bar /> : null}
      {fields.isError ? <ErrorNotice error={fields.error} retry={() => fields.refetch()} /> : null}
      {fields.data && rows.length === 0 ? (
        <Empty title={t("settings:fields.none")} text={t("settings:fields.none_text")} />
      ) : null}
      {resources
        .filter((resource) => rows.some((row) => row.resource === resource.name))
        .map((resource) => (
          <section key={resource.name}>
            <h3>{t(`${resource.name}:title`)}</h3>
            <ul className={styles.rows}>
              {rows
                .filter((row) => row.resource === resource.name)
                .map((field) => (
                  <li key={field.id} className={styles.row}>
                    <span>
                      {names.field(field.resource, field)}
                      <small>
                        {[
                          t(`settings:fields.types.${field.type}`),
                          field.required ? t("settings:fields.required") : null,
                          field.name,
                        ]
                          .filter(Boolean)
                          .join(" · ")}
                      </small>
                    </span>
                    {mayEdit ? (
                      <>
                        <Button
                          type="text"
                          icon={<EditOutlined />}
                          aria-label={t("app:edit_field", {
                            field: names.field(field.resource, field),
                          })}
                          onClick={() => setOpen({ field })}
                        />
                        <Button
                          type="text"
                          danger
                          icon={<DeleteOutlined />}
                          aria-label={t("settings:fields.remove", {
                            name: names.field(field.resource, field),
                          })}
                          onClick={() => remove(field)}
                        />
                      </>
                    ) : null}
                  </li>
                ))}
            </ul>
          </section>
        ))}
      {open ? (
        <FieldDialog
          field={open.field}
          resources={configurable.map((resource) => resource.name)}
          close={() => setOpen(undefined)}
        />
      ) : null}
    </div>
  );
}
