import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { type FormExtraProps, recordPath } from "@/shared/features";
import { useSettled } from "@/shared/fields/ReferenceInput";
import styles from "./customers.module.css";

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");

/** Warns while the name is being typed that this customer may be there already; it never forbids. */
export function Duplicates({ values, row }: FormExtraProps) {
  const { t } = useTranslation("customers");
  const asked = useSettled(
    JSON.stringify({
      name: text(values.name),
      credit_code: text(values.credit_code),
      phone: text(values.phone),
    }),
    300,
  );
  const query = JSON.parse(asked) as { name: string; credit_code: string; phone: string };
  const isWorthAsking =
    query.name.length >= 2 || query.credit_code.length === 18 || query.phone.length >= 7;
  const isUnchanged = row?.name === query.name && (row?.credit_code ?? "") === query.credit_code;
  const found = useQuery({
    queryKey: ["duplicates", query, row?.id],
    queryFn: ({ signal }) =>
      api.get<Schemas["DuplicateList"]>(
        "/customers/duplicates",
        { ...query, except: row?.id },
        signal,
      ),
    enabled: isWorthAsking && !isUnchanged,
    placeholderData: (before) => before,
  });
  const hits = isWorthAsking && !isUnchanged ? (found.data?.hits ?? []) : [];
  if (hits.length === 0) return null;
  return (
    <Alert
      type="warning"
      role="status"
      className={styles.duplicates}
      title={t("customers:duplicates.title", { count: hits.length })}
      description={
        <ul>
          {hits.slice(0, 5).map((hit, index) => (
            <li key={hit.id ?? index}>
              {hit.visible && hit.id ? (
                <Link to={recordPath("customers", hit.id)} target="_blank">
                  {hit.name}
                </Link>
              ) : (
                <span>{t("customers:duplicates.hidden")}</span>
              )}
              <small>
                {t(`customers:duplicates.reasons.${hit.reason}`)}
                {hit.owner_name
                  ? ` · ${t("customers:duplicates.owner", { name: hit.owner_name })}`
                  : ""}
              </small>
            </li>
          ))}
        </ul>
      }
    />
  );
}
