import { Dropdown } from "antd";
import { type ReactElement, useEffect, useState } from "react";
import { useQuickAdd } from "./useQuickAdd";

/** What can be added, above the button that was tapped; its code comes with the first tap. */
export function QuickAddMenu({
  children,
  onClose,
}: {
  children: ReactElement;
  onClose: () => void;
}) {
  const items = useQuickAdd();
  // Opens once it stands there, so that the menu finds its place.
  const [isShown, setIsShown] = useState(false);
  useEffect(() => setIsShown(true), []);
  return (
    <Dropdown
      open={isShown}
      menu={{ items }}
      trigger={["click"]}
      placement="top"
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      {children}
    </Dropdown>
  );
}
