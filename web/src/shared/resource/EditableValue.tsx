import { EditOutlined } from "@ant-design/icons";
import { App } from "antd";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/queries";
import { api, ProblemError } from "@/api/request";
import type { Field, Labels, Row } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldInput } from "@/shared/fields/FieldInput";
import { FieldValue } from "@/shared/fields/FieldValue";
import { useProblems } from "@/shared/ui/problems";
import { useUndo } from "@/shared/ui/useUndo";
import { Conflict } from "./Conflict";
import { useEdit } from "./CreateProvider";
import styles from "./editable.module.css";
import { useNames } from "./names";
import { change, isStale } from "./save";

type Props = {
  resource: string;
  field: Field;
  row: Row;
  labels?: Labels;
  /** References as plain text, see `FieldValue`. */
  plain?: boolean;
};

/** Types that are done as soon as something is chosen; the others on Enter or on leaving. */
const choosing = new Set(["choice", "reference", "day", "instant", "bool"]);

/** A value that can be changed where it stands, if the person may. */
export function EditableValue({ resource, field, row, labels, plain }: Props) {
  const { t } = useTranslation("app");
  const names = useNames();
  const me = useMe();
  const edit = useEdit();
  const ui = useResourceUi(resource);
  const reasons = ui?.reasons ?? {};
  // A change that asks for its reason needs the whole form.
  const needsReason = Object.values(reasons).includes(field.name);
  const [isEditing, setIsEditing] = useState(false);
  const mayEdit =
    row.can.includes("edit") &&
    !field.read_only &&
    !ui?.onlyNew?.includes(field.name) &&
    !me.preview &&
    !row.masked?.includes(field.name);
  const value = (
    <FieldValue
      resource={resource}
      field={field}
      value={row[field.name]}
      labels={labels}
      plain={plain}
    />
  );
  if (!mayEdit) return <span className={styles.text}>{value}</span>;
  if (isEditing) {
    return (
      <Editor
        resource={resource}
        field={field}
        row={row}
        labels={labels}
        done={() => setIsEditing(false)}
      />
    );
  }
  return (
    <span className={styles.editable}>
      <span className={styles.text}>{value}</span>
      <button
        type="button"
        className={styles.pencil}
        onClick={() => (needsReason ? edit(resource, row) : setIsEditing(true))}
        aria-label={t("app:edit_field", { field: names.field(resource, field) })}
      >
        <EditOutlined />
      </button>
    </span>
  );
}

function Editor({ resource, field, row, labels, done }: Props & { done: () => void }) {
  const { t } = useTranslation("app");
  const names = useNames();
  const problems = useProblems();
  const undo = useUndo();
  const { message } = App.useApp();
  const [value, setValue] = useState<unknown>(row[field.name]);
  const [error, setError] = useState<string>();
  const [theirs, setTheirs] = useState<Row>();
  const box = useRef<HTMLSpanElement>(null);
  const isBusy = useRef(false);

  const save = async (next: unknown, against: Row = row) => {
    if (isBusy.current) return;
    if (JSON.stringify(next ?? null) === JSON.stringify(against[field.name] ?? null)) return done();
    isBusy.current = true;
    try {
      const { batch } = await change(resource, against, { [field.name]: next ?? null });
      undo(t("app:form.saved", { what: names.field(resource, field) }), batch);
      done();
    } catch (caught) {
      isBusy.current = false;
      if (isStale(caught)) return setTheirs(await api.get<Row>(`/${resource}/${row.id}`));
      const sorted = problems.sort(caught, [field.name]);
      const text = sorted.fields[field.name] ?? problems.text(caught);
      setError(text);
      if (!(caught instanceof ProblemError && caught.status === 422)) message.error(text);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      done();
    }
    const isLong = field.type === "long_text" && !(event.ctrlKey || event.metaKey);
    if (event.key === "Enter" && !choosing.has(field.type) && !isLong) {
      event.preventDefault();
      save(value);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its input lets through
    <span
      ref={box}
      data-editing
      className={styles.editor}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        // Focus moving within the input or into its popup is no leaving.
        const next = event.relatedTarget as HTMLElement | null;
        if (
          next &&
          (box.current?.contains(next) || next.closest(".ant-select-dropdown,.ant-picker-dropdown"))
        )
          return;
        if (!choosing.has(field.type)) save(value);
        else setTimeout(() => !isBusy.current && !theirs && done(), 150);
      }}
    >
      <FieldInput
        resource={resource}
        field={field}
        value={value}
        autoFocus
        onChange={(next) => {
          setValue(next);
          setError(undefined);
          if (choosing.has(field.type)) save(next);
        }}
      />
      {error ? (
        <span className={styles.error} role="alert">
          {error}
        </span>
      ) : null}
      {theirs ? (
        <Conflict
          resource={resource}
          mine={{ [field.name]: value }}
          theirs={{ ...theirs, labels: { ...labels, ...theirs.labels } }}
          keepMine={() => save(value, theirs)}
          takeTheirs={done}
          cancel={done}
        />
      ) : null}
    </span>
  );
}
