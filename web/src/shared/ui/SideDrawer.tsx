import { Drawer } from "antd";
import { type PropsWithChildren, Suspense } from "react";
import { useIsPhone } from "./useMedia";

type Props = PropsWithChildren<{ open: boolean; close: () => void }>;

/** Beside the page, on a phone from below; what it holds frames itself. */
export function SideDrawer({ open, close, children }: Props) {
  const isPhone = useIsPhone();
  return (
    <Drawer
      open={open}
      onClose={close}
      destroyOnHidden
      closable={false}
      placement={isPhone ? "bottom" : "right"}
      size={isPhone ? "auto" : 520}
      styles={{ body: { padding: 0 } }}
    >
      <Suspense fallback={null}>{children}</Suspense>
    </Drawer>
  );
}
