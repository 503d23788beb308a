import { useQuery } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { useProblems } from "@/shared/ui/problems";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";

/** The password, and the devices that are signed in. */
export function SignIn() {
  const { t } = useTranslation("settings");
  return (
    <div className={styles.page}>
      <h2>{t("settings:password.title")}</h2>
      <Password />
      <h2>{t("settings:sessions.title")}</h2>
      <Sessions />
    </div>
  );
}

function Password() {
  const { t } = useTranslation("settings");
  const { message } = App.useApp();
  const problems = useProblems();
  const [form] = Form.useForm<{ current: string; new: string }>();
  const save = async (values: { current: string; new: string }) => {
    try {
      await api.post("/me/password", values);
      form.resetFields();
      message.success(t("settings:password.changed"));
      queryClient.invalidateQueries({ queryKey: ["sessions"] });
    } catch (error) {
      const sorted = problems.sort(error, ["current", "new"]);
      const { current, new: fresh } = sorted.fields;
      form.setFields([
        { name: "current", errors: current ? [current] : [] },
        { name: "new", errors: fresh ? [fresh] : [] },
      ]);
      if (!current && !fresh) message.error(problems.text(error));
    }
  };
  return (
    <Form form={form} layout="vertical" className={styles.form} onFinish={save}>
      <Form.Item
        name="current"
        label={t("settings:password.current")}
        rules={[{ required: true, message: t("settings:password.current_missing") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="new"
        label={t("settings:password.new")}
        rules={[{ required: true, message: t("settings:password.new_missing") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit">
        {t("settings:password.change")}
      </Button>
    </Form>
  );
}

function Sessions() {
  const { t } = useTranslation("settings");
  const format = useFormat();
  const { attempt } = useAttempt();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: async () => (await api.get<Schemas["SessionList"]>("/sessions")).rows,
  });
  if (sessions.isError) {
    return <ErrorNotice error={sessions.error} retry={() => sessions.refetch()} />;
  }
  if (!sessions.data) return <Bar />;
  const end = (id: string) =>
    attempt(async () => {
      await api.delete(`/sessions/${id}`);
      await sessions.refetch();
    });
  return (
    <ul className={styles.rows}>
      {sessions.data.map((session) => (
        <li key={session.id} className={styles.row}>
          <span>
            {session.device || t("settings:sessions.unknown")}
            {session.current ? (
              <span className={styles.badge}>{t("settings:sessions.this")}</span>
            ) : null}
            <small title={format.exactInstant(session.last_used_at)}>
              {t("settings:sessions.used", { when: format.instant(session.last_used_at) })}
              {session.address ? ` · ${session.address}` : null}
            </small>
          </span>
          {session.current ? null : (
            <Button size="small" onClick={() => end(session.id)}>
              {t("settings:sessions.end")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
