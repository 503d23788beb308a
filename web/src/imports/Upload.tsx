import { InboxOutlined } from "@ant-design/icons";
import { Alert, Button, Segmented, Select, Spin } from "antd";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { useMeta } from "@/api/queries";
import { address } from "@/api/request";
import { useProblems } from "@/shared/ui/problems";
import { useIsPhone } from "@/shared/ui/useMedia";
import { upload } from "./api";
import styles from "./imports.module.css";

/** The order in which a company's data comes in: each refers to those before it. */
const order = [
  "teams",
  "people",
  "product_lines",
  "products",
  "customers",
  "contacts",
  "opportunities",
  "activities",
];

/** Chooses what the rows are, and takes the file. */
export function Upload() {
  const { t } = useTranslation("import_wizard");
  const { resources } = useMeta();
  const navigate = useNavigate();
  const problems = useProblems();
  const isPhone = useIsPhone();
  const [search, setSearch] = useSearchParams();
  const picker = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const allowed = resources
    .filter((resource) => resource.actions.includes("import") && order.includes(resource.name))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const wanted = search.get("resource");
  const resource =
    allowed.find((entry) => entry.name === wanted)?.name ??
    allowed.find((entry) => entry.name === "customers")?.name ??
    allowed[0]?.name;
  if (!resource) return <p className={styles.soft}>{t("import_wizard:refused")}</p>;
  const choose = (next: string) => setSearch({ resource: next }, { replace: true });
  const options = allowed.map((entry) => ({ value: entry.name, label: t(`${entry.name}:title`) }));

  const send = async (file: File | undefined) => {
    if (!file || isBusy) return;
    setError(undefined);
    setIsBusy(true);
    try {
      const record = await upload(resource, file);
      navigate(`/imports/${record.id}`);
    } catch (caught) {
      setError(problems.text(caught));
      setIsBusy(false);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    send(event.dataTransfer.files[0]);
  };
  return (
    <section className={styles.upload}>
      <div className={styles.what}>
        <span id="import-what">{t("import_wizard:upload.what")}</span>
        {isPhone ? (
          <Select
            value={resource}
            options={options}
            onChange={choose}
            aria-labelledby="import-what"
          />
        ) : (
          <Segmented
            value={resource}
            options={options}
            onChange={choose}
            aria-labelledby="import-what"
          />
        )}
      </div>
      {error ? <Alert type="error" showIcon role="alert" title={error} /> : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside */}
      <div
        className={styles.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        {isBusy ? <Spin /> : <InboxOutlined className={styles.dropIcon} />}
        <p>{t(isBusy ? "import_wizard:upload.reading" : "import_wizard:upload.drop")}</p>
        <Button type="primary" disabled={isBusy} onClick={() => picker.current?.click()}>
          {t("import_wizard:upload.choose")}
        </Button>
        <p className={styles.soft}>{t("import_wizard:upload.limits")}</p>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".xlsx,.csv,.txt"
          onChange={(event) => {
            send(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <p className={styles.soft}>
        {t("import_wizard:upload.template")}{" "}
        <a href={address(`/${resource}/import-template`, { format: "xlsx" })} download>
          Excel
        </a>
        {" · "}
        <a href={address(`/${resource}/import-template`, { format: "csv" })} download>
          CSV
        </a>
      </p>
    </section>
  );
}
