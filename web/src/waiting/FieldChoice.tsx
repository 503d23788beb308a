import { Segmented } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import styles from "./waiting.module.css";

type Props = {
  name: string;
  /** Of the input that it names, if there is one. */
  inputId?: string;
  /** The person's own value counts; otherwise what is there now stays. */
  isMine: boolean;
  onChoose: (isMine: boolean) => void;
  /** What is there now, where it differs. */
  theirs?: ReactNode;
  /** There may be nothing now and still a choice: to leave mine out. */
  mayLeave?: boolean;
  children: ReactNode;
};

/** One part of two versions: what is there now above, the person's own below. */
export function FieldChoice({
  name,
  inputId,
  isMine,
  onChoose,
  theirs,
  mayLeave,
  children,
}: Props) {
  const { t } = useTranslation("waiting");
  const heading = useId();
  return (
    <section className={styles.field} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{inputId ? <label htmlFor={inputId}>{name}</label> : name}</h2>
        {theirs || mayLeave ? (
          <Segmented
            size="small"
            value={isMine ? "mine" : "theirs"}
            onChange={(next) => onChoose(next === "mine")}
            options={[
              { value: "mine", label: t("waiting:mine") },
              { value: "theirs", label: t(theirs ? "waiting:theirs" : "waiting:leave_out") },
            ]}
          />
        ) : null}
      </header>
      {theirs ? (
        <div className={styles.theirs}>
          <span>{t("waiting:theirs")}</span>
          <div>{theirs}</div>
        </div>
      ) : null}
      {isMine ? <div className={styles.mine}>{children}</div> : null}
    </section>
  );
}
