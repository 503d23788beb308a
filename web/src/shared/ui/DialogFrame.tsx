import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type FormEvent, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import styles from "./ui.module.css";

type Props = {
  title: ReactNode;
  close: () => void;
  /** Makes it a form: Ctrl+Enter and the buttons of the footer send it. */
  onSubmit?: () => void;
  footer?: ReactNode;
  children: ReactNode;
};

/** What stands in a drawer: a title, a body that scrolls, and what to do with it within reach of the thumb. */
export function DialogFrame({ title, close, onSubmit, footer, children }: Props) {
  const { t } = useTranslation("app");
  const heading = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <form
      className={styles.dialog}
      aria-labelledby={heading}
      noValidate
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit?.();
      }}
    >
      <header className={styles.dialogHead}>
        <h2 id={heading}>{title}</h2>
        <Button type="text" icon={<CloseOutlined />} aria-label={t("app:close")} onClick={close} />
      </header>
      <div className={styles.dialogBody}>{children}</div>
      {footer ? <footer className={styles.dialogFoot}>{footer}</footer> : null}
    </form>
  );
}

/** A label, an input, and what is wrong with it. */
export function Labelled({
  label,
  error,
  hint,
  htmlFor,
  children,
}: {
  label?: ReactNode;
  error?: string;
  hint?: ReactNode;
  htmlFor?: string;
  children: ReactNode;
}) {
  return (
    <div className={styles.labelled}>
      {label ? (
        htmlFor ? (
          <label htmlFor={htmlFor}>{label}</label>
        ) : (
          <span className={styles.label}>{label}</span>
        )
      ) : null}
      {children}
      {error ? (
        <p className={styles.wrong} role="alert">
          {error}
        </p>
      ) : hint ? (
        <p className={styles.faint}>{hint}</p>
      ) : null}
    </div>
  );
}
