import { CloseOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { useCodeTree, useMeta } from "@/api/queries";
import type { Filter, FilterLeaf } from "@/api/types";
import { codeName } from "@/shared/fields/codes";
import { ReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { useFormat } from "@/shared/format/useFormat";
import { useNames } from "../names";
import { useFilterableFields } from "./FilterBuilder";
import styles from "./filter.module.css";
import { countOf, type FieldPath } from "./model";

/** The parts of the filter in words; each can be taken away by itself. */
export function FilterChips({
  resource,
  filter,
  onChange,
}: {
  resource: string;
  filter: Filter | null;
  onChange: (filter: Filter | null) => void;
}) {
  const { t } = useTranslation("app");
  const fields = useFilterableFields(resource);
  if (!filter) return null;
  const parts = "and" in filter ? filter.and : [filter];
  const without = (index: number) => {
    const rest = parts.filter((_, position) => position !== index);
    onChange(rest.length === 0 ? null : rest.length === 1 ? (rest[0] ?? null) : { and: rest });
  };
  return (
    <ul className={styles.chips} aria-label={t("app:filter.active")}>
      {parts.map((part, index) => (
        <li key={JSON.stringify(part)} className={styles.chip}>
          {"field" in part ? (
            <Leaf leaf={part} entry={fields.find((entry) => entry.path === part.field)} />
          ) : "has" in part ? (
            <span>{t("app:filter.fixed")}</span>
          ) : (
            <span>{t("app:filter.group", { count: countOf(part) })}</span>
          )}
          <button type="button" onClick={() => without(index)} aria-label={t("app:filter.remove")}>
            <CloseOutlined />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Leaf({ leaf, entry }: { leaf: FilterLeaf; entry: FieldPath | undefined }) {
  const { t } = useTranslation("app");
  const names = useNames();
  if (!entry) return <span>{t("app:filter.unknown")}</span>;
  const name = names.field(entry.resource, entry.field);
  return (
    <span>
      <span className={styles.chipName}>{name}</span>{" "}
      {leaf.op === "in" || leaf.op === "during" || leaf.op === "is"
        ? ""
        : `${t(`app:ops.${leaf.op}`)} `}
      <Value leaf={leaf} entry={entry} />
    </span>
  );
}

function Value({ leaf, entry }: { leaf: FilterLeaf; entry: FieldPath }) {
  const { t } = useTranslation("app");
  const { value } = leaf;
  if (value === undefined || value === null) return null;
  if (leaf.op === "during") {
    const [span, days] = String(value).split(":");
    return <>{t(`app:spans.${span}`, { days })}</>;
  }
  const list = Array.isArray(value) ? value : [value];
  const joint = leaf.op === "between" ? " – " : t("app:list_joint");
  return (
    <>
      {list.map((item, index) => (
        <span key={String(item)}>
          {index > 0 ? joint : null}
          <One entry={entry} value={item} />
        </span>
      ))}
    </>
  );
}

function One({ entry, value }: { entry: FieldPath; value: unknown }) {
  const { t } = useTranslation("app");
  const names = useNames();
  const format = useFormat();
  const { currency } = useMeta();
  const text = String(value);
  switch (entry.field.type) {
    case "choice":
    case "multi_choice":
      return <>{names.choice(entry.resource, entry.field, text)}</>;
    case "tags":
      return <>{text}</>;
    case "reference":
    case "references":
      return <ReferenceLabel resource={entry.field.reference ?? ""} id={text} />;
    case "region":
    case "industry":
      return <CodeName type={entry.field.type} code={text} />;
    case "bool":
      return <>{value ? t("app:yes") : t("app:no")}</>;
    case "money":
      return <>{format.money({ amount_minor: Number(value), currency })}</>;
    case "day":
    case "instant":
      return <>{format.day(text.slice(0, 10))}</>;
    default:
      return <>{text}</>;
  }
}

function CodeName({ type, code }: { type: "region" | "industry"; code: string }) {
  const { i18n } = useTranslation();
  const tree = useCodeTree(type === "region" ? "divisions" : "industries");
  if (!tree.data) return null;
  return <>{codeName(type, tree.data, code, i18n.language)}</>;
}
