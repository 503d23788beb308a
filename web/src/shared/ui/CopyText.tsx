import { App, Button, Input, Space } from "antd";
import { useTranslation } from "react-i18next";

/** A secret that is shown once, with a way to take it along. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation("app");
  const { message } = App.useApp();
  const copy = async () => {
    // Plain-HTTP addresses have no clipboard; there the text is selected for the person's own copying.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      message.success(t("app:copy.done"));
    } else {
      document.querySelector<HTMLInputElement>("[data-copy]")?.select();
    }
  };
  return (
    <Space.Compact block>
      <Input
        readOnly
        data-copy
        value={text}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button type="primary" onClick={copy}>
        {t("app:copy.action")}
      </Button>
    </Space.Compact>
  );
}
