import {
  createContext,
  type PropsWithChildren,
  Suspense,
  useCallback,
  useContext,
  useState,
} from "react";
import { useFeatures } from "@/shared/features";
import { themed } from "./themed";

const SideDrawer = themed(async () => (await import("./SideDrawer")).SideDrawer);

type Given = Record<string, unknown>;
type Request = { name: string; given: Given };

const DialogContext = createContext<(name: string, given: Given) => void>(() => undefined);

/** Opens a dialog that some feature offers: `openDialog("activities.check_in", { row })`. */
export const useDialog = () => useContext(DialogContext);

/** Holds the one place in which features' dialogs open, wherever the person is. */
export function DialogProvider({ children }: PropsWithChildren) {
  const dialogs = useFeatures().map((feature) => feature.dialogs ?? {});
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
        <Suspense fallback={null}>
          <SideDrawer open={open} close={close}>
            <Content given={request.given} close={close} />
          </SideDrawer>
        </Suspense>
      ) : null}
    </DialogContext>
  );
}
