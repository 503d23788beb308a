import { CheckOutlined } from "@ant-design/icons";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useCodeTree } from "@/api/queries";
import type { Field, Labels, Money } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { useNames } from "@/shared/resource/names";
import { codeName } from "./codes";
import styles from "./fields.module.css";
import { ReferenceLabel } from "./ReferenceLabel";
import { toneOf } from "./tones";

export const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

type Props = {
  resource: string;
  field: Field;
  value: unknown;
  labels?: Labels;
  /** Names of references without a link, where the whole row is one. */
  plain?: boolean;
};

/** A field's value as people read it; what is exact shows on hover. */
export function FieldValue({ resource, field, value, labels, plain }: Props) {
  const format = useFormat();
  const names = useNames();
  const { t } = useTranslation("app");
  if (isEmpty(value)) return <span className={styles.none}>—</span>;
  const text = String(value);
  switch (field.type) {
    case "money": {
      const money = value as Money;
      return <span title={format.exactMoney(money)}>{format.money(money)}</span>;
    }
    case "day":
      return (
        <time dateTime={text} title={format.exactDay(text)}>
          {format.day(text)}
        </time>
      );
    case "instant":
      return (
        <time dateTime={text} title={format.exactInstant(text)}>
          {format.instant(text)}
        </time>
      );
    case "bool":
      return value ? (
        <CheckOutlined aria-label={t("app:yes")} className={styles.yes} />
      ) : (
        <span className={styles.none}>{t("app:no")}</span>
      );
    case "integer":
    case "number":
      return <>{format.number(Number(value))}</>;
    case "choice": {
      const tone = toneOf(field.name, text);
      const name = names.choice(resource, field, text);
      return tone ? (
        <span className={styles.choice} data-tone={tone}>
          {name}
        </span>
      ) : (
        <>{name}</>
      );
    }
    case "multi_choice":
      return (
        <Tags texts={(value as string[]).map((code) => names.choice(resource, field, code))} />
      );
    case "references":
      return (
        <>
          {(value as string[]).map((id, index) => (
            <span key={id}>
              {index > 0 ? t("app:list_joint") : null}
              {labels?.[id] ?? <ReferenceLabel resource={field.reference ?? ""} id={id} />}
            </span>
          ))}
        </>
      );
    case "tags":
      return <Tags texts={value as string[]} />;
    case "reference":
      return <Reference field={field} id={text} labels={labels} plain={plain} />;
    case "region":
    case "industry":
      return <Code type={field.type} code={text} labels={labels} />;
    case "email":
      return plain ? <>{text}</> : <a href={`mailto:${text}`}>{text}</a>;
    case "phone":
      return plain || text.includes("*") ? <>{text}</> : <a href={`tel:${text}`}>{text}</a>;
    case "url":
      return plain ? (
        <>{text}</>
      ) : (
        <a
          href={/^https?:\/\//.test(text) ? text : `https://${text}`}
          target="_blank"
          rel="noreferrer"
        >
          {text.replace(/^https?:\/\//, "")}
        </a>
      );
    case "long_text":
      return (
        <span className={styles.long} data-long>
          {text}
        </span>
      );
    default:
      return <>{text}</>;
  }
}

function Tags({ texts }: { texts: string[] }) {
  return (
    <span className={styles.tags}>
      {texts.map((text) => (
        <Tag key={text} variant="filled">
          {text}
        </Tag>
      ))}
    </span>
  );
}

function Reference({
  field,
  id,
  labels,
  plain,
}: {
  field: Field;
  id: string;
  labels?: Labels;
  plain?: boolean;
}) {
  const target = field.reference ?? "";
  const hasPage = useResourceUi(target) !== undefined;
  const label = labels?.[id];
  const name = label ?? <ReferenceLabel resource={target} id={id} />;
  return hasPage && !plain ? <Link to={recordPath(target, id)}>{name}</Link> : <>{name}</>;
}

function Code({
  type,
  code,
  labels,
}: {
  type: "region" | "industry";
  code: string;
  labels?: Labels;
}) {
  const { i18n } = useTranslation();
  const known = labels?.[code];
  const tree = useCodeTree(type === "region" ? "divisions" : "industries", !known);
  if (known) return <>{known}</>;
  if (!tree.data) return <span className={styles.none}>…</span>;
  return <>{codeName(type, tree.data, code, i18n.language)}</>;
}
