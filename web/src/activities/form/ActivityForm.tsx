import type { Row } from "@/api/types";
import type { DialogProps, OwnFormProps } from "@/shared/features";
import { useKinds } from "../kinds";
import { LogForm } from "./LogForm";
import { PlanForm } from "./PlanForm";
import { TaskForm } from "./TaskForm";

/** A new activity or a change of one: a task, a plan, or what was done. */
export function ActivityForm({ row, initial, onSaved, onCancel }: OwnFormProps) {
  const kinds = useKinds();
  const known = kinds?.find((kind) => kind.id === (row?.kind_id ?? initial?.kind_id));
  const family = known?.family ?? initial?.family;
  // The forms say themselves what was saved; the drawer only has to close.
  const onDone = (saved: Row | undefined, batch: string | null) => {
    if (saved) onSaved({ row: saved, batch });
    else onCancel();
  };
  const common = { row, initial, onDone, close: onCancel };
  if (!kinds) return null;
  if (family === "task") return <TaskForm {...common} />;
  if (!row && initial?.state === "done") return <LogForm {...common} row={undefined} />;
  return <PlanForm {...common} />;
}

/** Makes a plan a deed. */
export function LogDialog({ given, close }: DialogProps) {
  return <LogForm row={given.row as Row} onDone={close} close={close} />;
}
