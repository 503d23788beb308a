import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe, useMeta } from "@/api/queries";
import type { Resource, Row } from "@/api/types";
import { useEdit } from "@/shared/resource/CreateProvider";
import { change, remove } from "@/shared/resource/save";
import { SaveFoot } from "@/shared/ui/SaveFoot";
import uiStyles from "@/shared/ui/ui.module.css";
import { useUndo } from "@/shared/ui/useUndo";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";
import { FieldRules } from "./FieldRules";
import { actions, type Grants, grantsOf, reaching, type Scope, withScope } from "./grants";
import roleStyles from "./roles.module.css";
import { ScopeCell } from "./ScopeCell";

/** Rights that are about no records of their own. */
const others = ["audit", "settings"];

/** Whether records belong to somebody, so that the reach of an action means something. */
const isOwned = (resource: Resource) =>
  resource.fields.some(
    (field) => field.name === "owner_id" || (field.name === "customer_id" && field.required),
  );

/** What a role allows: per resource and action how far, and which fields it masks or hides. */
export function RoleEditor({ row }: { row: Row }) {
  const { t } = useTranslation(["settings", "app"]);
  const me = useMe();
  const { resources } = useMeta();
  const edit = useEdit();
  const undo = useUndo();
  const { attempt, isBusy } = useAttempt();
  const [grants, setGrants] = useState<Grants>(() => grantsOf(row.grants));
  const isChanged = JSON.stringify(grants) !== JSON.stringify(grantsOf(row.grants));
  const mayEdit = row.can.includes("edit") && !me.preview;
  const asked = [
    ...resources
      // A part of another resource has that one's rights.
      .filter((resource) => !resource.part_of)
      .map((resource) => ({ name: resource.name, isOwned: isOwned(resource) })),
    ...others.map((name) => ({ name, isOwned: false })),
  ];
  const nameOf = (name: string) =>
    t(others.includes(name) ? `settings:roles.resources.${name}` : `${name}:title`);
  const set = (resource: string, action: string, scope: Scope | undefined) =>
    setGrants(withScope(grants, resource, action, scope));
  const save = () =>
    attempt(async () => {
      const { batch } = await change("roles", row, { grants });
      // Rights may have changed for the person at the screen, too.
      queryClient.invalidateQueries({ queryKey: keys.session });
      queryClient.invalidateQueries({ queryKey: keys.meta });
      undo(t("app:form.saved", { what: row.name }), batch);
    });
  const destroy = () =>
    attempt(async () => {
      undo(t("app:record.deleted", { what: row.name }), await remove("roles", row));
    });
  return (
    <section aria-label={String(row.name)} className={roleStyles.editor}>
      <div className={roleStyles.head}>
        <p className={styles.soft}>{String(row.description ?? "")}</p>
        {mayEdit ? (
          <>
            <Button size="small" onClick={() => edit("roles", row)}>
              {t("settings:roles.rename")}
            </Button>
            {row.can.includes("delete") && !row.code ? (
              <Button size="small" danger onClick={destroy}>
                {t("app:delete")}
              </Button>
            ) : null}
          </>
        ) : null}
      </div>
      <div className={uiStyles.tableBox}>
        <table className={roleStyles.matrix}>
          <thead>
            <tr>
              <th scope="col">{t("settings:roles.resource")}</th>
              {actions.map((action) => (
                <th key={action} scope="col">
                  {t(`settings:roles.actions.${action}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {asked.map((resource) => (
              <tr key={resource.name}>
                <th scope="row">{nameOf(resource.name)}</th>
                {actions.map((action) => (
                  <td key={action}>
                    <ScopeCell
                      label={`${nameOf(resource.name)} · ${t(`settings:roles.actions.${action}`)}`}
                      scope={grants.resources[resource.name]?.[action]}
                      hasReach={resource.isOwned && reaching.has(action)}
                      isDisabled={!mayEdit}
                      onChange={(scope) => set(resource.name, action, scope)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <FieldRules grants={grants} onChange={setGrants} isDisabled={!mayEdit} />
      {isChanged ? (
        <SaveFoot text={t("settings:roles.unsaved")}>
          <Button onClick={() => setGrants(grantsOf(row.grants))}>{t("app:cancel")}</Button>
          <Button type="primary" loading={isBusy} onClick={save}>
            {t("app:save")}
          </Button>
        </SaveFoot>
      ) : null}
    </section>
  );
}
