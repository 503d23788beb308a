import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useList, useMe, useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { listPath, type Related, recordPath } from "@/shared/features";
import { FieldValue, isEmpty } from "@/shared/fields/FieldValue";
import { Bar } from "@/shared/ui/Bar";
import { useCreate } from "../CreateProvider";
import { labelOf } from "../save";
import styles from "./record.module.css";

const shown = 8;

/** The first records that refer to this one, with a way to all of them and to a new one. */
export function RelatedList({ related, row }: { related: Related; row: Row }) {
  const { t } = useTranslation("app");
  const me = useMe();
  const create = useCreate();
  const description = useResource(related.resource);
  const filter = JSON.stringify({ field: related.field, op: "in", value: [row.id] });
  const list = useList(related.resource, { filter, page_size: shown }, Boolean(description));
  if (!description || list.isError) return null;
  const fields = related.columns.flatMap(
    (name) => description.fields.find((field) => field.name === name) ?? [],
  );
  const total = list.data?.total.count ?? 0;
  const title = t([`${related.resource}:related.${related.field}`, `${related.resource}:title`]);
  return (
    <section className={styles.related}>
      <header>
        <h2>
          <Link to={`${listPath(related.resource)}?f=${encodeURIComponent(filter)}`}>
            {title}
            {list.data ? <span className={styles.count}>{total}</span> : null}
          </Link>
        </h2>
        {description.actions.includes("create") && !me.preview ? (
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined />}
            aria-label={t("app:new_one", { what: t(`${related.resource}:one`) })}
            onClick={() => create(related.resource, { [related.field]: row.id })}
          />
        ) : null}
      </header>
      {list.isPending ? <Bar /> : null}
      {list.data?.rows.length === 0 ? <p className={styles.soft}>{t("app:related.none")}</p> : null}
      <ul>
        {list.data?.rows.map((entry) => (
          <li key={entry.id}>
            <Link to={recordPath(related.resource, entry.id)}>{labelOf(description, entry)}</Link>
            <span className={styles.relatedFacts}>
              {fields
                .filter((field) => !isEmpty(entry[field.name]))
                .map((field) => (
                  <span key={field.name}>
                    <FieldValue
                      resource={related.resource}
                      field={field}
                      value={entry[field.name]}
                      labels={list.data?.labels}
                      plain
                    />
                  </span>
                ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
