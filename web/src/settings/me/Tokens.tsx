import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { DayInput } from "@/shared/fields/DayInput";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { CopyText } from "@/shared/ui/CopyText";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import styles from "../settings.module.css";
import { useAttempt } from "../useAttempt";

type TokenAccess = Schemas["TokenAccess"];
type NewToken = Schemas["NewToken"];

/** Keys for scripts that act as the person. */
export function Tokens() {
  const { t } = useTranslation(["settings", "app"]);
  const format = useFormat();
  const { attempt, isBusy } = useAttempt();
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const tokens = useQuery({
    queryKey: ["tokens"],
    queryFn: async () => (await api.get<Schemas["TokenList"]>("/tokens")).rows,
  });
  const make = (values: NewToken) =>
    attempt(async () => {
      const { data } = await api.post<Schemas["MadeToken"]>("/tokens", values);
      setIsMaking(false);
      setMade(data.token);
      await tokens.refetch();
    });
  const end = (id: string) =>
    attempt(async () => {
      await api.delete(`/tokens/${id}`);
      await tokens.refetch();
    });
  const rows = tokens.data ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h2>{t("settings:pages.tokens")}</h2>
        <Button icon={<PlusOutlined />} onClick={() => setIsMaking(true)}>
          {t("settings:tokens.make")}
        </Button>
      </div>
      <p className={styles.intro}>
        {t("settings:tokens.text")}{" "}
        <a href="/api/openapi.json" target="_blank" rel="noreferrer">
          {t("settings:tokens.docs")}
        </a>
      </p>
      {tokens.isPending ? <Bar /> : null}
      {tokens.isError ? <ErrorNotice error={tokens.error} retry={() => tokens.refetch()} /> : null}
      {tokens.data && rows.length === 0 ? <Empty title={t("settings:tokens.none")} /> : null}
      {rows.length > 0 ? (
        <ul className={styles.rows}>
          {rows.map((token) => (
            <li key={token.id} className={styles.row}>
              <span>
                {token.name}
                <small>
                  {[
                    t(`settings:tokens.${token.access}`),
                    token.last_used_at
                      ? t("settings:sessions.used", { when: format.instant(token.last_used_at) })
                      : t("settings:tokens.unused"),
                    token.expires_on
                      ? t("settings:tokens.until", { day: format.day(token.expires_on) })
                      : null,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </small>
              </span>
              <Button size="small" danger onClick={() => end(token.id)}>
                {t("settings:tokens.end")}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <Modal
        open={isMaking}
        title={t("settings:tokens.make")}
        footer={null}
        destroyOnHidden
        onCancel={() => setIsMaking(false)}
      >
        <Form<NewToken> layout="vertical" initialValues={{ access: "read" }} onFinish={make}>
          <Form.Item
            name="name"
            label={t("settings:tokens.name")}
            rules={[{ required: true, message: t("settings:tokens.name_missing") }]}
          >
            <Input autoFocus maxLength={80} placeholder={t("settings:tokens.name_example")} />
          </Form.Item>
          <Form.Item name="access" label={t("settings:tokens.access")}>
            <Segmented<TokenAccess>
              options={[
                { value: "read", label: t("settings:tokens.read") },
                { value: "write", label: t("settings:tokens.write") },
              ]}
            />
          </Form.Item>
          <Form.Item name="expires_on" label={t("settings:tokens.expires_on")}>
            <DayInput />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={isBusy}>
            {t("app:create")}
          </Button>
        </Form>
      </Modal>
      <Modal
        open={made !== undefined}
        title={t("settings:tokens.made")}
        footer={null}
        onCancel={() => setMade(undefined)}
      >
        <p style={{ marginBottom: "var(--space-3)" }}>{t("settings:tokens.made_text")}</p>
        <CopyText text={made ?? ""} label={t("settings:tokens.made")} />
      </Modal>
    </div>
  );
}
