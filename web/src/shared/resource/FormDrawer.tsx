import { Drawer } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useResource } from "@/api/queries";
import { recordPath, useResourceUi } from "@/shared/features";
import { useTell } from "@/shared/ui/MessageProvider";
import { SideDrawer } from "@/shared/ui/SideDrawer";
import { useUndo } from "@/shared/ui/useUndo";
import type { FormRequest } from "./CreateProvider";
import { labelOf, type Saved } from "./save";

const ResourceForm = lazy(() =>
  import("./ResourceForm").then((module) => ({ default: module.ResourceForm })),
);

/** What was saved all the same; those without words in the resource's texts are said elsewhere. */
type Warning = { code: string; params?: Record<string, unknown> };

/** The drawer with a resource's own form, or the one that is built from its description. */
export function FormDrawer({
  request,
  open,
  close,
}: {
  request: FormRequest;
  open: boolean;
  close: () => void;
}) {
  const { t, i18n } = useTranslation("app");
  const tell = useTell();
  const { resource, row, initial } = request;
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const hasPage = ui !== undefined;
  const navigate = useNavigate();
  const undo = useUndo();
  const one = t(`${resource}:one`);

  const finish = (saved: Saved) => {
    close();
    const label = labelOf(description, saved.row);
    undo(t(row ? "app:form.saved" : "app:form.created", { what: label || one }), saved.batch);
    for (const { code, params } of (saved.row.warnings as Warning[] | undefined) ?? []) {
      const key = `${resource}:warnings.${code}`;
      if (i18n.exists(key)) tell((messages) => messages.warning(t(key, params), 6));
    }
    if (request.onSaved) request.onSaved(saved);
    else if (!row && !initial && hasPage) navigate(recordPath(resource, saved.row.id));
  };
  const form = { row, initial, onSaved: finish, onCancel: close };
  if (ui?.Form) {
    return (
      <SideDrawer open={open} close={close}>
        <ui.Form {...form} />
      </SideDrawer>
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
