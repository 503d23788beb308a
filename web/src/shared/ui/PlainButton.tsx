import type { ButtonHTMLAttributes } from "react";
import styles from "./ui.module.css";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { primary?: boolean; busy?: boolean };

/** A button for the places that load before antd does: the pages before sign-in and error notices. */
export function PlainButton({ primary, busy, className, type = "button", ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      aria-busy={busy || undefined}
      className={[styles.button, className].filter(Boolean).join(" ")}
      data-primary={primary || undefined}
    />
  );
}
