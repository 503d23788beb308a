import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeta, useResource } from "@/api/queries";
import type { FormEndProps } from "@/shared/features";
import { LinesEditor } from "./LinesEditor";
import { type DraftLine, isBlank, isUnfinished, lineAmount, saveLines, useLines } from "./lines";
import styles from "./lines.module.css";

/** The product lines at the end of the opportunity's form; with lines, the amount is their sum. */
export function FormLines({ row, setValue, onSave }: FormEndProps) {
  const { t } = useTranslation("opportunities");
  const { currency } = useMeta();
  const mayRead = useResource("products") !== undefined;
  const known = useLines(mayRead ? row?.id : undefined);
  const [lines, setLines] = useState<DraftLine[]>();
  const [isChecked, setIsChecked] = useState(false);
  const shown =
    lines ?? (known.data?.rows ?? []).map((line, index) => ({ ...line, key: `known-${index}` }));
  const latest = useRef({ setValue, onSave });
  latest.current = { setValue, onSave };

  useEffect(() => {
    if (!lines) return;
    const filled = lines.filter((line) => !isBlank(line));
    if (filled.length > 0) {
      const amount_minor = filled.reduce((sum, line) => sum + lineAmount(line), 0);
      latest.current.setValue("amount", { amount_minor, currency });
    }
    latest.current.onSave({
      isReady: () => {
        setIsChecked(true);
        return !filled.some(isUnfinished);
      },
      save: (saved) => saveLines(saved, filled),
    });
  }, [lines, currency]);

  // Who may not see amounts may not see what they are made of.
  if (!mayRead || known.isError) return null;
  return (
    <fieldset className={styles.group}>
      <legend>{t("opportunities:lines.title")}</legend>
      <LinesEditor lines={shown} onChange={setLines} isChecked={isChecked} />
      {isChecked && shown.some(isUnfinished) ? (
        <p
          className={styles.wrong}
          role="alert"
          ref={(text) => text?.scrollIntoView({ block: "nearest" })}
        >
          {t("opportunities:lines.unfinished")}
        </p>
      ) : null}
    </fieldset>
  );
}
