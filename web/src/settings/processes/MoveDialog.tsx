import { Button, Form, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import type { Page, Row } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { type DraftStage, draftOf } from "./processes";

/** A stage that goes, and how many opportunities are still in it. */
export type Leaving = { row: Row; count: number };

/** Of the stages, those in which opportunities still are. */
export async function stillUsed(stages: Row[]): Promise<Leaving[]> {
  const counted = await Promise.all(
    stages.map(async (row) => {
      const filter = JSON.stringify({ field: "stage_id", op: "in", value: [row.id] });
      const page = await api.get<Page>("/opportunities", { filter, page_size: 1, count: "exact" });
      return { row, count: page.total.count };
    }),
  );
  return counted.filter(({ count }) => count > 0);
}

type Props = {
  leaving: Leaving[];
  /** Open stages that stay or come. */
  targets: DraftStage[];
  isBusy: boolean;
  /** Told the code of the new stage by the id of each old one. */
  onChosen: (moves: Record<string, string>) => void;
  close: () => void;
};

/** Where the opportunities of removed stages go. */
export function MoveDialog({ leaving, targets, isBusy, onChosen, close }: Props) {
  const { t, i18n } = useTranslation(["settings", "app"]);
  const format = useFormat();
  const nameOf = (stage: DraftStage) =>
    (i18n.language === "en" ? stage.name_en : null) || stage.name;
  return (
    <Modal open title={t("settings:processes.where_to")} footer={null} onCancel={close}>
      <Form<Record<string, string>> layout="vertical" onFinish={onChosen}>
        {leaving.map(({ row, count }) => (
          <Form.Item
            key={row.id}
            name={row.id}
            label={t("settings:processes.from_stage", {
              name: nameOf(draftOf(row)),
              count,
              shown: format.number(count),
            })}
            rules={[{ required: true, message: t("settings:processes.where_missing") }]}
          >
            <Select
              options={targets.map((stage) => ({ value: stage.code, label: nameOf(stage) }))}
            />
          </Form.Item>
        ))}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t("settings:processes.take_along")}
        </Button>
      </Form>
    </Modal>
  );
}
