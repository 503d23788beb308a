import { LeftOutlined } from "@ant-design/icons";
import { Alert, Button, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { useResource } from "@/api/queries";
import type { Field, Row } from "@/api/types";
import { FieldInput } from "@/shared/fields/FieldInput";
import { FieldValue } from "@/shared/fields/FieldValue";
import { queue, useOffline, type Write } from "@/shared/offline/offline";
import { useNames } from "@/shared/resource/names";
import { Empty } from "@/shared/ui/Empty";
import { problemText } from "@/shared/ui/problems";
import { useTitle } from "@/shared/ui/useTitle";
import { leftOver, overwriting, type Values } from "./choice";
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
  const description = useResource(write.resource ?? "");
  const [body, setBody] = useState<Values>(() => ({ ...(write.body as Values | undefined) }));
  const [isBusy, setIsBusy] = useState(false);
  const theirs = write.theirs;
  const fields = (description?.fields ?? []).filter((field) => field.name in body);
  const rest = leftOver(body, fields);
  const set = (name: string, value: unknown) => setBody({ ...body, [name]: value });
  const isConflict = write.state === "conflict";

  const send = async () => {
    setIsBusy(true);
    await queue.retry(write.id, isConflict ? overwriting(write, body, fields) : { body });
    setIsBusy(false);
    const still = queue.snapshot().writes.find((entry) => entry.id === write.id);
    if (!still || still.state === "waiting") navigate("/waiting", { replace: true });
  };
  const drop = async () => {
    await discard(write);
    navigate("/waiting", { replace: true });
  };
  return (
    <>
      <h1>{t(write.what.key, write.what.params ?? {})}</h1>
      <Alert
        type={isConflict ? "warning" : "error"}
        showIcon
        title={
          isConflict
            ? t("waiting:conflict_text")
            : write.problem
              ? problemText(write.problem, t, (key) => i18n.exists(key))
              : t("waiting:refused_text")
        }
      />
      <div className={styles.fields}>
        {fields.map((field) => (
          <FieldChoice
            key={field.name}
            resource={write.resource ?? ""}
            field={field}
            name={names.field(write.resource ?? "", field)}
            value={body[field.name]}
            mine={(write.body as Values)[field.name]}
            theirs={theirs}
            onChange={(value) => set(field.name, value)}
          />
        ))}
        {rest.map(([name, value]) => (
          <div key={name} className={styles.field}>
            <h2>{t([`${write.resource}:fields.${name}`, `waiting:parts.${name}`], name)}</h2>
            <p className={styles.rest}>{plainText(value)}</p>
          </div>
        ))}
      </div>
      <footer className={styles.footer}>
        <Button onClick={drop}>
          {t(isConflict && theirs ? "waiting:keep_theirs" : "waiting:discard")}
        </Button>
        <Button type="primary" onClick={send} loading={isBusy}>
          {t(isConflict ? "waiting:keep_mine" : "waiting:send_again")}
        </Button>
      </footer>
    </>
  );
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function FieldChoice({
  resource,
  field,
  name,
  value,
  mine,
  theirs,
  onChange,
}: {
  resource: string;
  field: Field;
  name: string;
  value: unknown;
  mine: unknown;
  theirs: Row | undefined;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation("waiting");
  const differs = theirs !== undefined && !same(theirs[field.name], mine);
  const chosen = same(value, mine) ? "mine" : same(value, theirs?.[field.name]) ? "theirs" : "own";
  return (
    <section className={styles.field} aria-label={name}>
      <header>
        <h2>{name}</h2>
        {differs ? (
          <Segmented
            size="small"
            value={chosen}
            onChange={(next) => onChange(next === "mine" ? mine : theirs[field.name])}
            options={[
              { value: "mine", label: t("waiting:mine") },
              { value: "theirs", label: t("waiting:theirs") },
            ]}
          />
        ) : null}
      </header>
      {differs ? (
        <p className={styles.theirs}>
          <span>{t("waiting:theirs")}</span>
          <FieldValue
            resource={resource}
            field={field}
            value={theirs[field.name]}
            labels={theirs.labels}
            plain
          />
        </p>
      ) : null}
      {field.read_only ? (
        <FieldValue resource={resource} field={field} value={value} plain />
      ) : (
        <FieldInput resource={resource} field={field} value={value} onChange={onChange} />
      )}
    </section>
  );
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${plainText(inner)}`)
    .join("\n");
}
