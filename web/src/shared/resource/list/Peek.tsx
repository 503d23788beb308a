import { CloseOutlined, ExpandAltOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useRecord, useResource } from "@/api/queries";
import { recordPath } from "@/shared/features";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { Facts } from "../record/Facts";
import { Highlights } from "../record/Highlights";
import { RecordActions } from "../record/RecordActions";
import { Timeline } from "../record/Timeline";
import { labelOf } from "../save";
import styles from "./list.module.css";

/** A record beside its list, without leaving it; j and k move on to the next one. */
export function Peek({ resource, id, close }: { resource: string; id: string; close: () => void }) {
  const { t } = useTranslation("app");
  const description = useResource(resource);
  const record = useRecord(resource, id);
  const row = record.data;
  return (
    <aside className={styles.peek} aria-label={t("app:peek.title")}>
      <header className={styles.peekHead}>
        <Tooltip title={t("app:peek.open")}>
          <Link to={recordPath(resource, id)} aria-label={t("app:peek.open")}>
            <Button type="text" size="small" icon={<ExpandAltOutlined />} tabIndex={-1} />
          </Link>
        </Tooltip>
        {row ? <RecordActions resource={resource} row={row} onDeleted={close} /> : null}
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t("app:close")}
          onClick={close}
        />
      </header>
      {record.isError ? <ErrorNotice error={record.error} retry={() => record.refetch()} /> : null}
      {row ? (
        <div className={styles.peekBody}>
          <h2 className={styles.peekTitle}>
            <Link to={recordPath(resource, id)}>{labelOf(description, row)}</Link>
          </h2>
          <Highlights resource={resource} row={row} />
          <Facts resource={resource} row={row} hideEmpty />
          <Timeline key={id} resource={resource} row={row} />
        </div>
      ) : null}
    </aside>
  );
}
