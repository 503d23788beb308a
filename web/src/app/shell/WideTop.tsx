import { PlusOutlined } from "@ant-design/icons";
import { Button, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import type { Language } from "@/api/types";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { chooseLanguage } from "./chooseLanguage";
import { MeMenu } from "./MeMenu";
import { Notifications } from "./Notifications";
import { useQuickAdd } from "./useQuickAdd";

/** The end of the top bar where there is room: adding, the bell, the language, me. */
export function WideTop() {
  const { t, i18n } = useTranslation("app");
  const me = useMe();
  const items = useQuickAdd();
  const [adding, setAdding] = useState(false);
  const canAdd = items.length > 0 && !me.preview;
  useShortcuts(canAdd ? { c: () => setAdding(true) } : {});
  const other: Language = i18n.language === "en" ? "zh-CN" : "en";
  const shortName = other === "en" ? "EN" : "中";
  return (
    <>
      {canAdd ? (
        <Dropdown
          menu={{ items }}
          trigger={["click"]}
          open={adding}
          onOpenChange={setAdding}
          autoFocus
        >
          <Tooltip title={adding ? undefined : <>{t("app:quick_add")} C</>}>
            <Button type="text" icon={<PlusOutlined />} aria-label={t("app:quick_add")} />
          </Tooltip>
        </Dropdown>
      ) : null}
      <Notifications />
      <Button
        type="text"
        lang={other}
        onClick={() => chooseLanguage(other)}
        aria-label={`${shortName} ${t("app:language_switch")}`}
      >
        {shortName}
      </Button>
      <MeMenu />
    </>
  );
}
