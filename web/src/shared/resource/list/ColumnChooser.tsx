import { ArrowDownOutlined, ArrowUpOutlined, SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useResource } from "@/api/queries";
import { useNames } from "../names";
import type { Density } from "../ResourceList";
import styles from "./list.module.css";
import type { ListState } from "./useListState";

type Props = {
  resource: string;
  state: ListState;
  density: Density;
  setDensity: (density: Density) => void;
};

/** Which columns stand in which order; remembered in this browser for each view. */
export function ColumnChooser(props: Props) {
  const { t } = useTranslation("app");
  return (
    <Popover trigger="click" placement="bottomRight" content={<Chooser {...props} />}>
      <Button icon={<SettingOutlined />} aria-label={t("app:columns.title")} />
    </Popover>
  );
}

function Chooser({ resource, state, density, setDensity }: Props) {
  const { t } = useTranslation("app");
  const names = useNames();
  const fields = (useResource(resource)?.fields ?? []).filter(
    (field) =>
      !["id", "version"].includes(field.name) &&
      field.type !== "json" &&
      names.isNamed(resource, field),
  );
  const { columns, setColumns } = state;
  const shown = columns.flatMap(
    (column) => fields.find((field) => field.name === column.name) ?? [],
  );
  const hidden = fields.filter((field) => !shown.includes(field));
  const move = (index: number, step: number) => {
    const next = [...columns];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + step, 0, moved);
    setColumns(next);
  };
  return (
    <section className={styles.chooser} aria-label={t("app:columns.title")}>
      <Segmented<Density>
        block
        size="small"
        value={density}
        onChange={setDensity}
        aria-label={t("app:density.title")}
        options={[
          { value: "compact", label: t("app:density.compact") },
          { value: "cosy", label: t("app:density.cosy") },
        ]}
      />
      <ul>
        {shown.map((field, index) => (
          <li key={field.name}>
            <Checkbox
              checked
              disabled={shown.length === 1}
              onChange={() => setColumns(columns.filter((column) => column.name !== field.name))}
            >
              {names.field(resource, field)}
            </Checkbox>
            <span>
              <Button
                type="text"
                size="small"
                icon={<ArrowUpOutlined />}
                disabled={index === 0}
                aria-label={t("app:columns.up", { column: names.field(resource, field) })}
                onClick={() => move(index, -1)}
              />
              <Button
                type="text"
                size="small"
                icon={<ArrowDownOutlined />}
                disabled={index === shown.length - 1}
                aria-label={t("app:columns.down", { column: names.field(resource, field) })}
                onClick={() => move(index, 1)}
              />
            </span>
          </li>
        ))}
        {hidden.map((field) => (
          <li key={field.name}>
            <Checkbox
              checked={false}
              onChange={() => setColumns([...columns, { name: field.name }])}
            >
              {names.field(resource, field)}
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  );
}
