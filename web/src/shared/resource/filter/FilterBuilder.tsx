import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Segmented, Select } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeta, useResource } from "@/api/queries";
import type { Filter } from "@/api/types";
import { useNames } from "../names";
import { FilterValueInput } from "./FilterValueInput";
import styles from "./filter.module.css";
import {
  type Condition,
  type FieldPath,
  filterableFields,
  filterOf,
  type Group,
  groupOf,
  type Item,
  isFixed,
  isGroup,
  newCondition,
  newGroup,
} from "./model";
import { operatorsOf } from "./operators";

export function useFilterableFields(resource: string): FieldPath[] {
  const meta = useMeta();
  const description = useResource(resource);
  const { isNamed } = useNames();
  return useMemo(
    () =>
      (description ? filterableFields(description, meta.resources) : []).filter(
        (entry) => entry.field.type !== "json" && isNamed(entry.resource, entry.field),
      ),
    [description, meta.resources, isNamed],
  );
}

type Props = {
  resource: string;
  filter: Filter | null;
  onChange: (filter: Filter | null) => void;
};

/** Edits a filter tree: conditions joined by "all" or "any", groups inside groups. */
export function FilterBuilder({ resource, filter, onChange }: Props) {
  const { t } = useTranslation("app");
  const fields = useFilterableFields(resource);
  const [root, setRoot] = useState<Group>(() => {
    const group = groupOf(filter);
    return group.items.length > 0 ? group : withCondition(group, fields);
  });
  const apply = (next: Group) => {
    setRoot(next);
    const said = filterOf(next);
    if (JSON.stringify(said) !== JSON.stringify(filterOf(root))) onChange(said);
  };
  return (
    <section className={styles.builder} aria-label={t("app:filter.title")}>
      <GroupEditor group={root} fields={fields} onChange={apply} depth={0} />
    </section>
  );
}

function withCondition(group: Group, fields: FieldPath[]): Group {
  const first = fields[0];
  if (!first) return group;
  const op = operatorsOf(first.field.type)[0] ?? "eq";
  return { ...group, items: [...group.items, newCondition(first.path, op)] };
}

function GroupEditor({
  group,
  fields,
  onChange,
  onRemove,
  depth,
}: {
  group: Group;
  fields: FieldPath[];
  onChange: (group: Group) => void;
  onRemove?: () => void;
  depth: number;
}) {
  const { t } = useTranslation("app");
  const replace = (index: number, item: Item) =>
    onChange({ ...group, items: group.items.with(index, item) });
  const drop = (index: number) =>
    onChange({ ...group, items: group.items.filter((_, position) => position !== index) });
  return (
    <div className={depth > 0 ? styles.nested : styles.group}>
      <div className={styles.groupHead}>
        <Segmented<string>
          size="small"
          value={group.negated ? `not_${group.join}` : group.join}
          onChange={(join) =>
            onChange({
              ...group,
              join: join === "or" || join === "not_or" ? "or" : "and",
              negated: join.startsWith("not_"),
            })
          }
          options={[
            { value: "and", label: t("app:filter.all") },
            { value: "or", label: t("app:filter.any") },
            { value: "not_or", label: t("app:filter.none") },
          ]}
        />
        {onRemove ? (
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t("app:filter.remove")}
            onClick={onRemove}
          />
        ) : null}
      </div>
      {group.items.map((item, index) =>
        isGroup(item) ? (
          <GroupEditor
            key={item.key}
            group={item}
            fields={fields}
            depth={depth + 1}
            onChange={(next) => replace(index, next)}
            onRemove={() => drop(index)}
          />
        ) : isFixed(item) ? (
          <div key={item.key} className={styles.condition}>
            <span className={styles.value}>{t("app:filter.fixed")}</span>
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t("app:filter.remove")}
              onClick={() => drop(index)}
            />
          </div>
        ) : (
          <ConditionEditor
            key={item.key}
            condition={item}
            fields={fields}
            onChange={(next) => replace(index, next)}
            onRemove={() => drop(index)}
          />
        ),
      )}
      <div className={styles.groupFoot}>
        <Button
          size="small"
          type="text"
          icon={<PlusOutlined />}
          onClick={() => onChange(withCondition(group, fields))}
        >
          {t("app:filter.add")}
        </Button>
        {depth < 3 ? (
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            onClick={() =>
              onChange({
                ...group,
                items: [
                  ...group.items,
                  withCondition(newGroup(group.join === "and" ? "or" : "and"), fields),
                ],
              })
            }
          >
            {t("app:filter.add_group")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** The fields to choose from; those behind a reference come under its name. */
function useFieldOptions(fields: FieldPath[]) {
  const names = useNames();
  return useMemo(() => {
    const own = fields
      .filter((entry) => !entry.through)
      .map((entry) => ({ value: entry.path, label: names.field(entry.resource, entry.field) }));
    const resource = fields[0]?.resource ?? "";
    const through = [
      ...new Set(fields.map((entry) => entry.through).filter((field) => field !== undefined)),
    ];
    return [
      ...own,
      ...through.map((reference) => {
        const name = names.field(resource, reference);
        return {
          label: name,
          options: fields
            .filter((entry) => entry.through === reference)
            .map((entry) => ({
              value: entry.path,
              label: `${name} › ${names.field(entry.resource, entry.field)}`,
            })),
        };
      }),
    ];
  }, [fields, names]);
}

function ConditionEditor({
  condition,
  fields,
  onChange,
  onRemove,
}: {
  condition: Condition;
  fields: FieldPath[];
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("app");
  const options = useFieldOptions(fields);
  const entry = fields.find((candidate) => candidate.path === condition.field);
  const operators = entry ? operatorsOf(entry.field.type) : [];
  return (
    <div className={styles.condition}>
      <Select
        className={styles.field}
        aria-label={t("app:filter.field")}
        value={condition.field}
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        options={options}
        onChange={(path) => {
          const next = fields.find((candidate) => candidate.path === path);
          const op = operatorsOf(next?.field.type ?? "text")[0] ?? "eq";
          onChange({ ...condition, field: path, op, value: undefined });
        }}
      />
      {operators.length > 1 ? (
        <Select
          className={styles.op}
          aria-label={t("app:filter.operator")}
          value={condition.op}
          popupMatchSelectWidth={false}
          options={operators.map((op) => ({ value: op, label: t(`app:ops.${op}`) }))}
          onChange={(op) => {
            const keeps = shapeOf(op) === shapeOf(condition.op);
            onChange({ ...condition, op, value: keeps ? condition.value : undefined });
          }}
        />
      ) : null}
      <div className={styles.value}>
        {entry ? (
          <FilterValueInput
            resource={entry.resource}
            field={entry.field}
            op={condition.op}
            value={condition.value}
            onChange={(value) => onChange({ ...condition, value })}
          />
        ) : null}
      </div>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t("app:filter.remove")}
        onClick={onRemove}
      />
    </div>
  );
}

/** Operators of one shape may keep the value when the person switches between them. */
function shapeOf(op: string): string {
  if (["in", "not_in", "has_any", "has_all"].includes(op)) return "list";
  if (["during", "between", "empty", "not_empty", "is"].includes(op)) return op;
  return "one";
}
