import { EditOutlined } from "@ant-design/icons";
import { Alert, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useMeta } from "@/api/queries";
import type { Row } from "@/api/types";
import { ReferenceLabel } from "@/shared/fields/ReferenceLabel";
import { useFormat } from "@/shared/format/useFormat";
import recordStyles from "@/shared/resource/record/record.module.css";
import { Bar } from "@/shared/ui/Bar";
import { useProblems } from "@/shared/ui/problems";
import { LinesEditor, newLine } from "./LinesEditor";
import { type DraftLine, isBlank, isUnfinished, lineAmount, saveLines, useLines } from "./lines";
import styles from "./lines.module.css";

/** What the opportunity is about, beside its record. */
export function LinesPanel({ row }: { row: Row }) {
  const { t } = useTranslation(["opportunities", "app"]);
  const me = useMe();
  const { currency } = useMeta();
  const format = useFormat();
  const problems = useProblems();
  const known = useLines(row.id);
  const [draft, setDraft] = useState<DraftLine[]>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  if (known.isError) return null;
  const lines = known.data?.rows ?? [];
  const labels = { ...row.labels, ...known.data?.labels };
  const mayEdit = row.can.includes("edit") && !me.preview;
  const edit = () => {
    setError(undefined);
    const now = lines.map((line, index) => ({ ...line, key: `known-${index}` }));
    setDraft(now.length > 0 ? now : [newLine()]);
  };
  const save = async () => {
    const filled = (draft ?? []).filter((line) => !isBlank(line));
    if (filled.some(isUnfinished)) return setError(t("opportunities:lines.unfinished"));
    setIsBusy(true);
    try {
      await saveLines(row, filled);
      setDraft(undefined);
    } catch (caught) {
      setError(problems.text(caught));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className={recordStyles.related}>
      <header>
        <h2>
          {t("opportunities:lines.title")}
          {known.data ? <span className={recordStyles.count}>{lines.length}</span> : null}
        </h2>
        {mayEdit ? (
          <Button
            type="text"
            size="small"
            icon={<EditOutlined />}
            aria-label={t("opportunities:lines.edit")}
            onClick={edit}
          />
        ) : null}
      </header>
      {known.isPending ? <Bar /> : null}
      {known.data && lines.length === 0 ? (
        <p className={recordStyles.soft}>{t("opportunities:lines.none")}</p>
      ) : null}
      <ul>
        {lines.map((line, index) => {
          const amount = { amount_minor: lineAmount(line), currency: line.price.currency };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are told apart by their place
            <li key={index} className={styles.panelLine}>
              <span>
                {labels[line.product_id] ?? (
                  <ReferenceLabel resource="products" id={line.product_id} />
                )}
              </span>
              <b title={format.exactMoney(amount)}>{format.money(amount)}</b>
              <small>
                {format.number(line.quantity)} × {format.money(line.price)}
                {line.discount_percent
                  ? ` · ${t("opportunities:lines.off", { percent: format.number(line.discount_percent) })}`
                  : null}
              </small>
            </li>
          );
        })}
      </ul>
      {lines.length > 1 ? (
        <p className={styles.panelSum}>
          {t("opportunities:lines.sum")}{" "}
          <b>
            {format.exactMoney({
              amount_minor: lines.reduce((sum, line) => sum + lineAmount(line), 0),
              currency: lines[0]?.price.currency ?? currency,
            })}
          </b>
        </p>
      ) : null}
      <Modal
        open={draft !== undefined}
        width={820}
        destroyOnHidden
        title={t("opportunities:lines.title")}
        okText={t("app:save")}
        okButtonProps={{ loading: isBusy }}
        onOk={save}
        onCancel={() => setDraft(undefined)}
      >
        {error ? <Alert type="error" showIcon title={error} role="alert" /> : null}
        <LinesEditor lines={draft ?? []} onChange={setDraft} isChecked={error !== undefined} />
      </Modal>
    </section>
  );
}
