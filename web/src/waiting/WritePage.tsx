import { LeftOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { useResource } from "@/api/queries";
import type { Field, Labels, ProblemItem } from "@/api/types";
import { useResourceUi } from "@/shared/features";
import { FieldInput } from "@/shared/fields/FieldInput";
import { FieldValue } from "@/shared/fields/FieldValue";
import { queue, useOffline, type Write } from "@/shared/offline/offline";
import { useNames } from "@/shared/resource/names";
import { Empty } from "@/shared/ui/Empty";
import { itemText, problemText } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import {
  changedMeanwhile,
  fieldsToChoose,
  keeping,
  leftOver,
  same,
  startingBody,
  storyOf,
  type Values,
  wayOf,
} from "./choice";
import { FieldChoice } from "./FieldChoice";
import { Pictures } from "./Pictures";
import { useDiscard } from "./useDiscard";
import styles from "./waiting.module.css";

/** What the person wrote beside what is there now; they choose field by field, or change it, and send it again. */
export function WritePage() {
  const { t } = useTranslation("waiting");
  const { id } = useParams();
  const { writes } = useOffline();
  useTitle(t("waiting:title"));
  const write = writes.find((entry) => entry.id === id);
  return (
    <div className={styles.page}>
      <Link to="/waiting" className={styles.back}>
        <LeftOutlined /> {t("waiting:title")}
      </Link>
      {write ? (
        <Choice key={write.id} write={write} />
      ) : (
        <Empty title={t("waiting:settled")} text={t("waiting:settled_text")} />
      )}
    </div>
  );
}

function Choice({ write }: { write: Write }) {
  const { t, i18n } = useTranslation(["waiting", "app"]);
  const navigate = useNavigate();
  const names = useNames();
  const discard = useDiscard();
  const resource = write.resource ?? "";
  const ui = useResourceUi(resource);
  const all = useResource(resource)?.fields ?? [];
  const [body, setBody] = useState<Values>(() => startingBody(write));
  /** Parts of which what is there now stays. */
  const [left, setLeft] = useState<string[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const isConflict = write.state === "conflict";
  const way = isConflict ? wayOf(write) : "again";
  const isTyped = (field: Field) => Boolean(way && !field.read_only && !ui?.parts?.[field.name]);
  const theirs = way === "anew" ? undefined : write.theirs;

  const isChosen = (name: string) =>
    !left.includes(name) && !left.includes(ui?.beside?.[name] ?? "");
  const choose = (name: string) => (isMine: boolean) =>
    setLeft(isMine ? left.filter((one) => one !== name) : [...left, name]);
  const written = fieldsToChoose(write, body, all).filter(
    ({ name }) => !(name in (ui?.beside ?? {})),
  );
  const nameOf = (name: string) => t([`${resource}:fields.${name}`, `waiting:parts.${name}`], name);

  const send = async () => {
    setIsBusy(true);
    const kept = Object.fromEntries(Object.entries(body).filter(([name]) => isChosen(name)));
    await queue.retry(write.id, isConflict ? keeping(write, kept, all) : { body: kept });
    setIsBusy(false);
    const still = queue.snapshot().writes.find((entry) => entry.id === write.id);
    if (!still || still.state === "waiting") navigate("/waiting", { replace: true });
  };
  const drop = async () => {
    await discard(write);
    navigate("/waiting", { replace: true });
  };
  const refusal = write.problem
    ? problemText(write.problem, t, (key) => i18n.exists(key))
    : t("waiting:refused_text");
  const said = (items: ProblemItem[] | undefined) =>
    (items ?? []).map((item) => itemText(item, t, (key) => i18n.exists(key))).join(" ");
  const meanwhile = isConflict ? changedMeanwhile(write, all) : [];
  return (
    <>
      <h1>{t(write.what.key, write.what.params ?? {})}</h1>
      <Alert
        type={isConflict ? "warning" : "error"}
        showIcon
        title={isConflict ? t(`waiting:conflicts.${storyOf(write)}`) : refusal}
        description={said(write.problem?.errors) || undefined}
      />
      <div className={styles.fields}>
        {written.map((field) => (
          <FieldChoice
            key={field.name}
            name={names.field(resource, field)}
            inputId={isTyped(field) ? `choice-${field.name}` : undefined}
            isMine={isChosen(field.name)}
            onChoose={choose(field.name)}
            theirs={
              theirs && !same(theirs[field.name], body[field.name]) ? (
                <Shown resource={resource} field={field} whole={theirs} />
              ) : undefined
            }
          >
            {isTyped(field) ? (
              <FieldInput
                id={`choice-${field.name}`}
                resource={resource}
                field={field}
                value={body[field.name]}
                onChange={(value) => setBody({ ...body, [field.name]: value })}
              />
            ) : (
              <Shown resource={resource} field={field} whole={body} />
            )}
          </FieldChoice>
        ))}
        {leftOver(body, all).map((name) => {
          const Part = ui?.parts?.[name];
          return (
            <FieldChoice
              key={name}
              name={nameOf(name)}
              isMine={isChosen(name)}
              onChoose={choose(name)}
              theirs={theirs && Part ? <Part value={theirs[name]} whole={theirs} /> : undefined}
              mayLeave={isConflict && way !== undefined}
            >
              {Part ? (
                <Part value={body[name]} whole={body} />
              ) : (
                <p className={styles.rest}>{plainText(body[name])}</p>
              )}
            </FieldChoice>
          );
        })}
        <Pictures write={write} />
        {meanwhile.length > 0 ? (
          <section className={styles.field} aria-labelledby="meanwhile">
            <h2 id="meanwhile">{t("waiting:meanwhile")}</h2>
            <dl className={styles.meanwhile}>
              {meanwhile.map((field) => (
                <div key={field.name}>
                  <dt>{names.field(resource, field)}</dt>
                  <dd>
                    <Shown resource={resource} field={field} whole={write.theirs ?? {}} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ) : null}
      </div>
      <footer className={styles.footer}>
        <Button onClick={drop}>
          {t(isConflict && write.theirs ? "waiting:keep_theirs" : "waiting:discard")}
        </Button>
        {way ? (
          <Button type="primary" onClick={send} loading={isBusy}>
            {t(isConflict ? `waiting:keep.${way}` : "waiting:send_again")}
          </Button>
        ) : null}
      </footer>
    </>
  );
}

/** One field of either version, as people read it. */
function Shown({ resource, field, whole }: { resource: string; field: Field; whole: Values }) {
  const Part = useResourceUi(resource)?.parts?.[field.name];
  if (Part) return <Part value={whole[field.name]} whole={whole} />;
  return (
    <FieldValue
      resource={resource}
      field={field}
      value={whole[field.name]}
      labels={whole.labels as Labels | undefined}
      plain
    />
  );
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${plainText(inner)}`)
    .join("\n");
}
