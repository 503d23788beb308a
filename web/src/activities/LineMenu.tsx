import { MoreOutlined } from "@ant-design/icons";
import { Dropdown } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "@/api/types";
import { useEdit } from "@/shared/resource/CreateProvider";
import { useDialog } from "@/shared/ui/DialogProvider";
import styles from "./line.module.css";

/** What is done less often with a plan; its code comes with the first use. */
export function LineMenu({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useTranslation(["activities", "app"]);
  const openDialog = useDialog();
  const edit = useEdit();
  // Opens once it stands there, so that the menu finds its place.
  const [isShown, setIsShown] = useState(false);
  useEffect(() => setIsShown(true), []);
  return (
    <Dropdown
      open={isShown}
      trigger={["click"]}
      placement="bottomRight"
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      menu={{
        items: [
          {
            key: "move",
            label: t("activities:line.move"),
            onClick: () => openDialog("activities.move", { row }),
          },
          { key: "edit", label: t("app:edit"), onClick: () => edit("activities", row) },
          {
            key: "cancel",
            label: t("activities:line.cancel"),
            onClick: () => openDialog("activities.cancel", { row }),
          },
        ],
      }}
    >
      <button type="button" className={styles.menu} aria-label={t("app:more")}>
        <MoreOutlined />
      </button>
    </Dropdown>
  );
}
