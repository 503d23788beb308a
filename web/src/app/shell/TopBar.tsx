import { PlusOutlined, SearchOutlined } from "@ant-design/icons";
import { Button, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMe } from "@/api/queries";
import { api } from "@/api/request";
import type { Language } from "@/api/types";
import { changeLanguage } from "@/app/i18n";
import { Kbd } from "@/shared/ui/Kbd";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { Logo } from "./Logo";
import { MeMenu } from "./MeMenu";
import { Notifications } from "./Notifications";
import { SyncState } from "./SyncState";
import styles from "./shell.module.css";
import { useQuickAdd } from "./useQuickAdd";

/** Saves the language for the person as well, so that mails and exports speak it too. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  queryClient.setQueryData(keys.session, (me: { person: object } | null | undefined) =>
    me ? { ...me, person: { ...me.person, language } } : me,
  );
  await api.patch("/me", { language });
}

export function TopBar({ openPalette }: { openPalette: () => void }) {
  const { t, i18n } = useTranslation("app");
  const me = useMe();
  const isPhone = useIsPhone();
  const items = useQuickAdd();
  const [adding, setAdding] = useState(false);
  const canAdd = items.length > 0 && !me.preview;
  useShortcuts({ "mod+k": openPalette, ...(canAdd ? { c: () => setAdding(true) } : {}) });
  const other: Language = i18n.language === "en" ? "zh-CN" : "en";
  const shortName = other === "en" ? "EN" : "中";
  return (
    <header className={styles.top}>
      {isPhone ? <Logo /> : null}
      <button type="button" className={styles.search} onClick={openPalette}>
        <SearchOutlined />
        <span>{t("app:search.prompt")}</span>
        {isPhone ? null : <Kbd keys="mod+K" />}
      </button>
      <div className={styles.topEnd}>
        <SyncState />
        {isPhone || !canAdd ? null : (
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
        )}
        <Notifications />
        {isPhone ? null : (
          <Button
            type="text"
            lang={other}
            onClick={() => chooseLanguage(other)}
            aria-label={`${shortName} ${t("app:language_switch")}`}
          >
            {shortName}
          </Button>
        )}
        {isPhone ? null : <MeMenu />}
      </div>
    </header>
  );
}
