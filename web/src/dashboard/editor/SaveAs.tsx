import { App, Button, Form, Input, Modal, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useProblems } from "@/shared/ui/problems";
import type { Tile } from "../figures";
import { type Dashboard, type Shared, saveNew } from "../saved";

type Props = {
  open: boolean;
  name: string;
  tiles: Tile[];
  close: () => void;
  saved: (dashboard: Dashboard) => void;
};

/** Keeps the tiles as a dashboard of one's own, and says who else sees it. */
export function SaveAs({ open, name, tiles, close, saved }: Props) {
  const { t } = useTranslation(["dashboard", "app"]);
  const { message } = App.useApp();
  const problems = useProblems();
  const save = async (values: { name: string; shared: Shared }) => {
    try {
      const dashboard = await saveNew({ ...values, tiles });
      close();
      saved(dashboard);
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  return (
    <Modal
      open={open}
      title={t("dashboard:edit.save_as")}
      footer={null}
      destroyOnHidden
      onCancel={close}
    >
      <Form<{ name: string; shared: Shared }>
        layout="vertical"
        initialValues={{ name, shared: "me" }}
        onFinish={save}
      >
        <Form.Item
          name="name"
          label={t("dashboard:edit.name")}
          rules={[{ required: true, message: t("dashboard:edit.name_missing") }]}
        >
          <Input autoFocus maxLength={60} />
        </Form.Item>
        <Form.Item name="shared" label={t("app:views.who")}>
          <Segmented<Shared>
            options={[
              { value: "me", label: t("app:views.me") },
              { value: "team", label: t("app:views.team") },
              { value: "all", label: t("app:views.everyone") },
            ]}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t("app:save")}
        </Button>
      </Form>
    </Modal>
  );
}
