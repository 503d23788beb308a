import { SearchOutlined } from "@ant-design/icons";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "@/shared/ui/Kbd";
import { themed } from "@/shared/ui/themed";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useShortcuts } from "@/shared/ui/useShortcut";
import { Logo } from "./Logo";
import { Notifications } from "./Notifications";
import { SyncState } from "./SyncState";
import styles from "./shell.module.css";
import { loadWide } from "./wide";

const WideTop = themed(async () => (await loadWide()).WideTop);

export function TopBar({ openPalette }: { openPalette: () => void }) {
  const { t } = useTranslation("app");
  const isPhone = useIsPhone();
  useShortcuts({ "mod+k": openPalette });
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
        {isPhone ? (
          <Notifications />
        ) : (
          <Suspense fallback={null}>
            <WideTop />
          </Suspense>
        )}
      </div>
    </header>
  );
}
