import { Alert, Button, Form } from "antd";
import { Fragment, Suspense, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useResource } from "@/api/queries";
import { api, newKey } from "@/api/request";
import type { Field, Me, Row } from "@/api/types";
import { type FormEnd, useResourceUi } from "@/shared/features";
import { FieldInput } from "@/shared/fields/FieldInput";
import { Kbd } from "@/shared/ui/Kbd";
import { useProblems } from "@/shared/ui/problems";
import { useIsPhone } from "@/shared/ui/useMedia";
import { Conflict } from "./Conflict";
import styles from "./form.module.css";
import { useFieldGroups } from "./groups";
import { useNames } from "./names";
import { change, changesOf, create, isStale, type Saved } from "./save";
import { useDraft } from "./useDraft";

type Values = Record<string, unknown>;
type Props = {
  resource: string;
  /** The record to edit; without it a new one is made. */
  row?: Row;
  /** What a new record starts with, for instance the customer whose page was open. */
  initial?: Values;
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
};

/** Creates or edits one record; both share the inputs, the rules and the place of errors. */
export function ResourceForm({ resource, row, initial, onSaved, onCancel }: Props) {
  const { t } = useTranslation("app");
  const names = useNames();
  const problems = useProblems();
  const isPhone = useIsPhone();
  const me = useMe();
  const description = useResource(resource);
  const ui = useResourceUi(resource);
  const groups = useFieldGroups(resource, row);
  const [form] = Form.useForm<Values>();
  const [base, setBase] = useState(row);
  const [general, setGeneral] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<{ theirs: Row; mine: Values }>();
  const idempotencyKey = useRef(newKey());
  const end = useRef<FormEnd | undefined>(undefined);
  const draft = useDraft(`${resource}.${row?.id ?? "new"}`);
  const fields = useMemo(
    () =>
      groups
        .flatMap((group) => group.fields)
        .filter((field) => !field.read_only && !(row && ui?.onlyNew?.includes(field.name))),
    [groups, row, ui],
  );
  const names_of_fields = fields.map((field) => field.name);
  const clean: Values = {
    ...(row ? pick(row, names_of_fields) : defaultsOf(fields, me)),
    ...initial,
  };
  // What was there when the form opened; later changes arrive through the conflict dialog.
  const [start] = useState<Values>(() => ({
    ...clean,
    ...draft.restored,
  }));
  const [values, setValues] = useState<Values>(start);

  const discardDraft = () => {
    draft.forget();
    form.resetFields();
    form.setFieldsValue(
      Object.fromEntries(names_of_fields.map((name) => [name, clean[name] ?? null])),
    );
    setValues(clean);
  };

  const write = (changes: Values, against: Row | undefined): Promise<Saved> => {
    if (!against) return create(resource, changes, idempotencyKey.current);
    if (Object.keys(changes).length > 0) return change(resource, against, changes);
    return Promise.resolve({ row: against, batch: null });
  };
  const send = async (changes: Values, against: Row | undefined) => {
    setBusy(true);
    setGeneral([]);
    try {
      const saved = await write(changes, against);
      if (end.current) {
        // Should the end be refused, the record is there already and saving again goes on from it.
        setBase(saved.row);
        saved.row = await end.current.save(saved.row);
      }
      draft.forget();
      onSaved(saved);
    } catch (error) {
      setBusy(false);
      if (against && isStale(error)) {
        setConflict({ theirs: await api.get<Row>(`/${resource}/${against.id}`), mine: changes });
        return;
      }
      // A refused create may be repeated with other values, which needs another key.
      idempotencyKey.current = newKey();
      const sorted = problems.sort(error, names_of_fields);
      const wrong = Object.entries(sorted.fields);
      form.setFields(wrong.map(([name, text]) => ({ name, errors: [text] })));
      setGeneral(wrong.length > 0 ? sorted.others : [problems.text(error), ...sorted.others]);
      if (wrong[0]) form.scrollToField(wrong[0][0], { block: "center", focus: true });
    }
  };

  const save = (all: Values) => {
    if (end.current && !end.current.isReady()) return;
    const kept = pick(all, names_of_fields);
    if (!base) {
      const given = Object.entries({ ...initial, ...kept }).filter(
        ([, value]) => value !== null && value !== undefined,
      );
      return send(Object.fromEntries(given), undefined);
    }
    const changes = changesOf(kept, base);
    if (Object.keys(changes).length === 0 && !end.current) {
      draft.forget();
      return onCancel();
    }
    return send(changes, base);
  };

  const Extra = ui?.FormExtra;
  const End = ui?.FormEnd;
  const inputOf = (field: Field, isFirst: boolean) => {
    const Own = ui?.inputs?.[field.name];
    return Own ? (
      <Own values={values} row={base} />
    ) : (
      <FieldInput
        resource={resource}
        field={field}
        autoFocus={!isPhone && isFirst && isTyped(field.type)}
      />
    );
  };
  // The reason for a change is asked only once there is a change.
  const isAsked = (name: string) => {
    const about = ui?.reasons?.[name];
    return !about || (base !== undefined && values[about] !== base[about]);
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className={styles.form}
      initialValues={start}
      onValuesChange={(_, all) => {
        setValues(all);
        draft.keep(all);
      }}
      onFinish={save}
      onFinishFailed={({ errorFields }) => {
        const first = errorFields[0]?.name;
        if (first) form.scrollToField(first, { block: "center", focus: true });
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
      }}
    >
      <div className={styles.scroll}>
        {draft.restored ? (
          <Alert
            type="info"
            title={t("app:form.restored")}
            action={
              <Button size="small" type="text" onClick={discardDraft}>
                {t("app:form.discard")}
              </Button>
            }
          />
        ) : null}
        {general.length > 0 ? (
          <Alert type="error" showIcon title={general.join(" ")} role="alert" />
        ) : null}
        {groups.map((group, index) => (
          <fieldset key={group.name} className={styles.group}>
            <legend className={index === 0 ? "visually-hidden" : undefined}>
              {t([`${resource}:groups.${group.name}`, `app:groups.${group.name}`])}
            </legend>
            <div className={styles.grid}>
              {group.fields
                .filter((field) => fields.includes(field) && isAsked(field.name))
                .map((field, position) => (
                  <Fragment key={field.name}>
                    <Form.Item
                      name={field.name}
                      className={
                        isWide(field.type, field.name, description?.label_field)
                          ? styles.wide
                          : undefined
                      }
                      label={names.field(resource, field)}
                      rules={
                        field.required && (row || !isChosen(field.type))
                          ? [
                              {
                                required: true,
                                message: t("app:form.required", {
                                  field: names.field(resource, field),
                                }),
                              },
                            ]
                          : undefined
                      }
                    >
                      {inputOf(field, index === 0 && position === 0)}
                    </Form.Item>
                    {field.name === description?.label_field && Extra ? (
                      <div className={styles.extra}>
                        <Suspense fallback={null}>
                          <Extra values={values} row={row} />
                        </Suspense>
                      </div>
                    ) : null}
                  </Fragment>
                ))}
            </div>
          </fieldset>
        ))}
        {End ? (
          <End
            row={row}
            setValue={(name, value) => {
              form.setFieldValue(name, value);
              setValues(form.getFieldsValue());
            }}
            onSave={(next) => {
              end.current = next;
            }}
          />
        ) : null}
      </div>
      <footer className={styles.footer}>
        <Button onClick={onCancel}>{t("app:cancel")}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {row ? t("app:save") : t("app:create")}
        </Button>
        {isPhone ? null : (
          <span className={styles.keys}>
            <Kbd keys="mod+enter" />
          </span>
        )}
      </footer>
      {conflict ? (
        <Conflict
          resource={resource}
          mine={conflict.mine}
          theirs={conflict.theirs}
          keepMine={() => {
            setConflict(undefined);
            setBase(conflict.theirs);
            send(conflict.mine, conflict.theirs);
          }}
          takeTheirs={() => {
            setConflict(undefined);
            setBase(conflict.theirs);
            form.setFieldsValue(pick(conflict.theirs, names_of_fields));
            draft.forget();
          }}
          cancel={() => setConflict(undefined)}
        />
      ) : null}
    </Form>
  );
}

function pick(values: Values, fields: string[]): Values {
  return Object.fromEntries(fields.map((name) => [name, values[name]]));
}

/** What a new record starts with: the fields' defaults, and the person who makes it as its owner. */
function defaultsOf(fields: Field[], me: Me): Values {
  return Object.fromEntries(
    fields.flatMap((field) => {
      if (field.name === "owner_id") return [[field.name, me.person.id]];
      return field.default === undefined || field.default === null
        ? []
        : [[field.name, field.default]];
    }),
  );
}

/** The server fills these in by itself when nothing is chosen; it says so if it can't. */
const isChosen = (type: string) => type === "choice";

const isTyped = (type: string) => ["text", "email", "phone", "url"].includes(type);

const isWide = (type: string, name: string, labelField = "name") =>
  type === "long_text" || type === "tags" || name === labelField || name === "address";
