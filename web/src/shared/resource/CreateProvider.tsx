import { Drawer } from "antd";
import {
  createContext,
  lazy,
  type PropsWithChildren,
  Suspense,
  useCallback,
  useContext,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useResource } from "@/api/queries";
import type { Row } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useUndo } from "@/shared/ui/useUndo";
import { labelOf, type Saved } from "./save";

const ResourceForm = lazy(() =>
  import("./ResourceForm").then((module) => ({ default: module.ResourceForm })),
);

type Request = {
  resource: string;
  row?: Row;
  initial?: Record<string, unknown>;
  onSaved?: (saved: Saved) => void;
};

const FormContext = createContext<(request: Request) => void>(() => undefined);

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
  const [request, setRequest] = useState<Request>();
  const [open, setOpen] = useState(false);
  const show = useCallback((next: Request) => {
    setRequest(next);
    setOpen(true);
  }, []);
  return (
    <FormContext value={show}>
      {children}
      {request ? <FormDrawer request={request} open={open} close={() => setOpen(false)} /> : null}
    </FormContext>
  );
}

function FormDrawer({
  request,
  open,
  close,
}: {
  request: Request;
  open: boolean;
  close: () => void;
}) {
  const { t } = useTranslation("app");
  const { resource, row, initial } = request;
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const hasPage = ui !== undefined;
  const isPhone = useIsPhone();
  const navigate = useNavigate();
  const undo = useUndo();
  const one = t(`${resource}:one`);

  const finish = (saved: Saved) => {
    close();
    const label = labelOf(description, saved.row);
    undo(t(row ? "app:form.saved" : "app:form.created", { what: label || one }), saved.batch);
    if (request.onSaved) request.onSaved(saved);
    else if (!row && !initial && hasPage) navigate(recordPath(resource, saved.row.id));
  };
  const form = { row, initial, onSaved: finish, onCancel: close };
  if (ui?.Form) {
    return (
      <Drawer
        open={open}
        onClose={close}
        closable={false}
        destroyOnHidden
        placement={isPhone ? "bottom" : "right"}
        size={isPhone ? "auto" : 520}
        styles={{ body: { padding: 0 } }}
      >
        <Suspense fallback={null}>
          <ui.Form {...form} />
        </Suspense>
      </Drawer>
    );
  }
  return (
    <Drawer
      open={open}
      onClose={close}
      size="min(620px, 100vw)"
      destroyOnHidden
      title={
        row
          ? t("app:form.edit", { what: labelOf(description, row) || one })
          : t("app:new_one", { what: one })
      }
      styles={{ body: { padding: 0 } }}
    >
      <Suspense fallback={null}>
        <ResourceForm resource={resource} {...form} />
      </Suspense>
    </Drawer>
  );
}
