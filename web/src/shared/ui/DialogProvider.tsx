import { Drawer } from "antd";
import {
  createContext,
  type PropsWithChildren,
  Suspense,
  useCallback,
  useContext,
  useState,
} from "react";
import { useFeatures } from "@/shared/features";
import { useIsPhone } from "./useMedia";

type Given = Record<string, unknown>;
type Request = { name: string; given: Given };

const DialogContext = createContext<(name: string, given: Given) => void>(() => undefined);

/** Opens a dialog that some feature offers: `openDialog("activities.check_in", { row })`. */
export const useDialog = () => useContext(DialogContext);

/** Holds the one place in which features' dialogs open, wherever the person is. */
export function DialogProvider({ children }: PropsWithChildren) {
  const dialogs = useFeatures().map((feature) => feature.dialogs ?? {});
  const isPhone = useIsPhone();
  const [request, setRequest] = useState<Request>();
  const [open, setOpen] = useState(false);
  const show = useCallback((name: string, given: Given) => {
    setRequest({ name, given });
    setOpen(true);
  }, []);
  const close = useCallback(() => setOpen(false), []);
  const Content = request && dialogs.find((entry) => request.name in entry)?.[request.name];
  return (
    <DialogContext value={show}>
      {children}
      {request && Content ? (
        <Drawer
          open={open}
          onClose={close}
          destroyOnHidden
          closable={false}
          placement={isPhone ? "bottom" : "right"}
          size={isPhone ? "auto" : 520}
          styles={{ body: { padding: 0 } }}
        >
          <Suspense fallback={null}>
            <Content given={request.given} close={close} />
          </Suspense>
        </Drawer>
      ) : null}
    </DialogContext>
  );
}
