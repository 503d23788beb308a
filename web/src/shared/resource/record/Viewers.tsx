import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, Select } from "antd";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Row, Schemas, Viewer } from "@/api/types";
import { DayInput } from "@/shared/fields/DayInput";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { Avatar } from "@/shared/ui/Avatar";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import styles from "./record.module.css";

type Share = Schemas["NewShare"];

/** Who can see this record and why; whoever may edit it may share it with more people. */
export function Viewers({ resource, row }: { resource: string; row: Row }) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const me = useMe();
  const problems = useProblems();
  const [form] = Form.useForm<Share>();
  const path = `/${resource}/${row.id}`;
  const key = keys.part(resource, row.id, "viewers");
  const viewers = useQuery({
    queryKey: key,
    queryFn: () => api.get<Schemas["ViewerList"]>(`${path}/viewers`),
  });
  const mayShare = row.can.includes("edit") && !me.preview;

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: key });
    } catch (error) {
      message.error(problems.text(error));
    }
  };
  const share = (body: Share) =>
    attempt(async () => {
      await api.post(`${path}/shares`, body);
      form.resetFields();
    });
  const whyOf = (viewer: Viewer) =>
    viewer.why
      .map((why) =>
        why.kind === "role"
          ? [why.role, why.scope ? t(`app:scopes.${why.scope}`) : ""].filter(Boolean).join(" · ")
          : t(`app:viewers.why.${why.kind}`),
      )
      .join(t("app:list_joint"));
  return (
    <div className={styles.viewers}>
      {mayShare ? (
        <Form<Share>
          form={form}
          layout="vertical"
          initialValues={{ right: "read" }}
          onFinish={share}
        >
          <Form.Item
            name="person_id"
            label={t("app:viewers.share_with")}
            rules={[{ required: true, message: t("app:viewers.person_missing") }]}
          >
            <ReferenceInput resource="people" />
          </Form.Item>
          <div className={styles.pair}>
            <Form.Item name="right" label={t("app:viewers.right")}>
              <Select
                options={[
                  { value: "read", label: t("app:viewers.read") },
                  { value: "edit", label: t("app:viewers.edit") },
                ]}
              />
            </Form.Item>
            <Form.Item name="until_on" label={t("app:viewers.until")}>
              <DayInput />
            </Form.Item>
          </div>
          <Button htmlType="submit">{t("app:viewers.share")}</Button>
        </Form>
      ) : null}
      {viewers.isPending ? <Bar /> : null}
      {viewers.isError ? (
        <ErrorNotice error={viewers.error} retry={() => viewers.refetch()} />
      ) : null}
      <ul>
        {viewers.data?.rows.map((viewer) => (
          <li key={viewer.person_id} className={styles.viewer}>
            <Avatar name={viewer.name} size={28} />
            <span>
              <span>{viewer.name}</span> <span className={styles.soft}>{viewer.team_name}</span>
              <small>{whyOf(viewer)}</small>
            </span>
            <span className={styles.soft}>{t(`app:viewers.${viewer.right}`)}</span>
            {mayShare && viewer.why.some((why) => why.kind === "shared") ? (
              <Button
                size="small"
                type="text"
                onClick={() => attempt(() => api.delete(`${path}/shares/${viewer.person_id}`))}
              >
                {t("app:viewers.unshare")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
