import {
  createContext,
  type PropsWithChildren,
  Suspense,
  useCallback,
  useContext,
  useState,
} from "react";
import type { Row } from "@/api/types";
import { themed } from "@/shared/ui/themed";
import type { Saved } from "./save";

// Comes with the first form: no page shows one at once.
const FormDrawer = themed(async () => (await import("./FormDrawer")).FormDrawer);

export type FormRequest = {
  resource: string;
  row?: Row;
  initial?: Record<string, unknown>;
  onSaved?: (saved: Saved) => void;
};

const FormContext = createContext<(request: FormRequest) => void>(() => undefined);

/** Opens the form of a new record: `create("contacts", { customer_id })`. */
export function useCreate() {
  const open = useContext(FormContext);
  return useCallback(
    (resource: string, initial?: Record<string, unknown>, onSaved?: (saved: Saved) => void) =>
      open({ resource, initial, onSaved }),
    [open],
  );
}

/** Opens the form of an existing record. */
export function useEdit() {
  const open = useContext(FormContext);
  return useCallback((resource: string, row: Row) => open({ resource, row }), [open]);
}

/** Holds the one drawer in which records are made and edited, wherever the person is. */
export function CreateProvider({ children }: PropsWithChildren) {
  const [request, setRequest] = useState<FormRequest>();
  const [open, setOpen] = useState(false);
  const show = useCallback((next: FormRequest) => {
    setRequest(next);
    setOpen(true);
  }, []);
  return (
    <FormContext value={show}>
      {children}
      {request ? (
        <Suspense fallback={null}>
          <FormDrawer request={request} open={open} close={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </FormContext>
  );
}
