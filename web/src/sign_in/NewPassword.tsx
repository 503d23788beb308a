import { useTranslation } from "react-i18next";
import { type Check, TextField } from "./TextField";

/** Length that the server asks for at least. */
const passwordLength = 10;

export const newPasswordChecks: Record<string, Check> = {
  password: (value, _, t) =>
    [...value].length < passwordLength
      ? t("sign_in:password_rule", { length: passwordLength })
      : undefined,
  repeated: (value, all, t) =>
    value === all.password?.trim() ? undefined : t("sign_in:passwords_differ"),
};

/** The new password, typed twice; shared by set-up and reset. */
export function NewPassword() {
  const { t } = useTranslation("sign_in");
  return (
    <>
      <TextField
        name="password"
        type="password"
        autoComplete="new-password"
        label={t("sign_in:new_password")}
        hint={t("sign_in:password_rule", { length: passwordLength })}
      />
      <TextField
        name="repeated"
        type="password"
        autoComplete="new-password"
        label={t("sign_in:repeat_password")}
      />
    </>
  );
}
