import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, InputNumber } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { keys, queryClient, useMeta } from "@/api/queries";
import { api, newKey } from "@/api/request";
import type { Money, Row } from "@/api/types";
import { isMoney, MoneyInput } from "@/shared/fields/MoneyInput";
import { ReferenceInput } from "@/shared/fields/ReferenceInput";
import { useFormat } from "@/shared/format/useFormat";
import { type DraftLine, isBlank, isUnfinished, isWhole, lineAmount, withLine } from "./lines";
import styles from "./lines.module.css";

type Props = {
  lines: DraftLine[];
  onChange: (lines: DraftLine[]) => void;
  /** Points at what is missing, once somebody tried to save. */
  isChecked?: boolean;
};

export const newLine = (): DraftLine => ({
  key: newKey(),
  product_id: null,
  quantity: 1,
  price: null,
  discount_percent: null,
});

const product = (id: string) =>
  queryClient.fetchQuery({
    queryKey: keys.record("products", id),
    queryFn: () => api.get<Row>(`/products/${id}`),
    staleTime: 60_000,
  });

/** The products of an opportunity with their sum, live while typing. */
export function LinesEditor({ lines, onChange, isChecked = false }: Props) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { currency } = useMeta();
  const money = (amount_minor: number) => format.exactMoney({ amount_minor, currency });
  // A price comes later than what is typed meanwhile, so changes go by the lines as they are then.
  const latest = useRef(lines);
  latest.current = lines;
  const set = (key: string, change: Partial<DraftLine>) => {
    latest.current = withLine(latest.current, key, change);
    onChange(latest.current);
  };
  const choose = async (key: string, id: string | null) => {
    set(key, { product_id: id });
    if (!id) return;
    try {
      const price = ((await product(id)).list_price as Money | null) ?? null;
      const isStill = latest.current.some((line) => line.key === key && line.product_id === id);
      if (price && isStill) set(key, { price });
    } catch {
      // Without the catalogue's price the person types one.
    }
  };
  const isMissing = (line: DraftLine, name: "product_id" | "quantity" | "price") =>
    isChecked && isUnfinished(line) && line[name] === null;
  const sum = lines.reduce((total, line) => total + lineAmount(line), 0);
  return (
    <div className={styles.editor}>
      {lines.map((line, index) => (
        <fieldset key={line.key} className={styles.row}>
          <legend className="visually-hidden">
            {t("opportunities:lines.line", { number: index + 1 })}
          </legend>
          <div className={styles.product}>
            <ReferenceInput
              resource="products"
              value={line.product_id}
              onChange={(id) => choose(line.key, id)}
              placeholder={t("opportunities:lines.product")}
              aria-label={t("opportunities:lines.product")}
              isWrong={isMissing(line, "product_id")}
            />
          </div>
          <InputNumber
            className={styles.quantity}
            min={0}
            value={line.quantity}
            onChange={(quantity) => set(line.key, { quantity })}
            aria-label={t("opportunities:lines.quantity")}
            prefix="×"
            status={isMissing(line, "quantity") ? "error" : undefined}
          />
          <div className={styles.price}>
            <MoneyInput
              value={line.price}
              onChange={(price) => set(line.key, { price: isMoney(price) ? price : null })}
              aria-label={t("opportunities:lines.price")}
              isWrong={isMissing(line, "price")}
            />
          </div>
          <InputNumber
            className={styles.discount}
            min={0}
            max={100}
            value={line.discount_percent}
            onChange={(discount_percent) => set(line.key, { discount_percent })}
            placeholder={t("opportunities:lines.discount")}
            aria-label={t("opportunities:lines.discount")}
            suffix="%"
          />
          <span className={styles.amount}>
            {isWhole(line) ? money(lineAmount(line)) : isBlank(line) ? "" : "—"}
          </span>
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("opportunities:lines.remove", { number: index + 1 })}
            onClick={() => onChange(lines.filter((other) => other.key !== line.key))}
          />
        </fieldset>
      ))}
      <div className={styles.foot}>
        <Button
          size="small"
          type="text"
          icon={<PlusOutlined />}
          onClick={() => onChange([...lines, newLine()])}
        >
          {t("opportunities:lines.add")}
        </Button>
        {lines.length > 0 ? (
          <span className={styles.sum}>
            {t("opportunities:lines.sum")} <b>{money(sum)}</b>
          </span>
        ) : null}
      </div>
    </div>
  );
}
