import type { TFunction } from "i18next";
import { createContext, type InputHTMLAttributes, useContext, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./sign_in.module.css";

/** Answers what is wrong with a value, if anything. */
export type Check = (
  value: string,
  all: Record<string, string>,
  t: TFunction,
) => string | undefined;

/** What is wrong with the form's fields, by name. */
export const ErrorsContext = createContext<Record<string, string>>({});

type Props = InputHTMLAttributes<HTMLInputElement> & { name: string; label: string; hint?: string };

export function TextField({ label, hint, ...input }: Props) {
  const { t } = useTranslation("sign_in");
  const id = useId();
  const error = useContext(ErrorsContext)[input.name];
  const [isShown, setIsShown] = useState(false);
  const isPassword = input.type === "password";
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.box} data-wrong={error ? true : undefined}>
        <input
          {...input}
          id={id}
          type={isPassword && isShown ? "text" : input.type}
          aria-invalid={Boolean(error)}
          aria-describedby={error || hint ? `${id}-note` : undefined}
        />
        {isPassword ? (
          <button type="button" onClick={() => setIsShown(!isShown)} aria-pressed={isShown}>
            {t(isShown ? "sign_in:hide" : "sign_in:show")}
          </button>
        ) : null}
      </div>
      {error || hint ? (
        <p id={`${id}-note`} className={error ? styles.error : styles.hint}>
          {error ?? hint}
        </p>
      ) : null}
    </div>
  );
}
