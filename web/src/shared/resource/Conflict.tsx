import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { FieldValue } from "@/shared/fields/FieldValue";
import styles from "./form.module.css";
import { useNames } from "./names";

type Props = {
  resource: string;
  mine: Record<string, unknown>;
  theirs: Row;
  keepMine: () => void;
  takeTheirs: () => void;
  cancel: () => void;
};

/** Somebody changed the record meanwhile: shows both versions and lets the person choose. */
export function Conflict({ resource, mine, theirs, keepMine, takeTheirs, cancel }: Props) {
  const { t } = useTranslation("app");
  const names = useNames();
  const description = useResource(resource);
  const fields = (description?.fields ?? []).filter((field) => field.name in mine);
  return (
    <Modal
      open
      title={t("app:conflict.title")}
      onCancel={cancel}
      footer={
        <>
          <Button onClick={takeTheirs}>{t("app:conflict.take_theirs")}</Button>
          <Button type="primary" onClick={keepMine}>
            {t("app:conflict.keep_mine")}
          </Button>
        </>
      }
    >
      <p>{t("app:conflict.text")}</p>
      <table className={styles.compare}>
        <thead>
          <tr>
            <th>{t("app:conflict.field")}</th>
            <th>{t("app:conflict.mine")}</th>
            <th>{t("app:conflict.theirs")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.name}>
              <th scope="row">{names.field(resource, field)}</th>
              <td>
                <FieldValue resource={resource} field={field} value={mine[field.name]} plain />
              </td>
              <td>
                <FieldValue
                  resource={resource}
                  field={field}
                  value={theirs[field.name]}
                  labels={theirs.labels}
                  plain
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
