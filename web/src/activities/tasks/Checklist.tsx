import { CloseOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./tasks.module.css";

/** One small thing of a task, in the order in which they are done. */
export type CheckItem = { text: string; done: boolean };

type Props = { value: CheckItem[]; onChange: (items: CheckItem[]) => void };

export function ChecklistEditor({ value, onChange }: Props) {
  const { t } = useTranslation("activities");
  const set = (index: number, change: Partial<CheckItem>) => {
    const item = value[index];
    if (item) onChange(value.with(index, { ...item, ...change }));
  };
  return (
    <ul className={styles.checklist}>
      {value.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items are told apart by their place only
        <li key={index}>
          <Checkbox
            checked={item.done}
            aria-label={t("activities:checklist.done", { text: item.text })}
            onChange={(event) => set(index, { done: event.target.checked })}
          />
          <Input
            variant="borderless"
            value={item.text}
            maxLength={200}
            aria-label={t("activities:checklist.item", { number: index + 1 })}
            autoFocus={!item.text && index === value.length - 1 && index > 0}
            onChange={(event) => set(index, { text: event.target.value })}
            onPressEnter={(event) => {
              event.preventDefault();
              if (item.text.trim()) onChange([...value, { text: "", done: false }]);
            }}
          />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t("activities:checklist.remove", { number: index + 1 })}
            onClick={() => onChange(value.filter((_, other) => other !== index))}
          />
        </li>
      ))}
      <li>
        <Button
          type="text"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => onChange([...value, { text: "", done: false }])}
        >
          {t("activities:checklist.add")}
        </Button>
      </li>
    </ul>
  );
}
