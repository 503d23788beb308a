import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** Length that the server asks for at least. */
export const passwordLength = 10;

/** The new password, typed twice; shared by set-up and reset. */
export function NewPassword() {
  const { t } = useTranslation("sign_in");
  return (
    <>
      <Form.Item
        name="password"
        label={t("sign_in:new_password")}
        extra={t("sign_in:password_rule", { length: passwordLength })}
        rules={[
          { required: true, message: t("sign_in:password_missing") },
          { min: passwordLength, message: t("sign_in:password_rule", { length: passwordLength }) },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="repeated"
        label={t("sign_in:repeat_password")}
        dependencies={["password"]}
        rules={[
          { required: true, message: t("sign_in:password_missing") },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("sign_in:passwords_differ"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
