import type { PropsWithChildren, ReactNode } from "react";
import styles from "./ui.module.css";

/** An empty place that says what belongs here and offers the next step as children. */
export function Empty({
  title,
  text,
  icon,
  children,
}: PropsWithChildren<{ title: string; text?: ReactNode; icon?: ReactNode }>) {
  return (
    <div className={styles.empty}>
      {icon ? <div className={styles.emptyIcon}>{icon}</div> : null}
      <h2>{title}</h2>
      {text ? <p>{text}</p> : null}
      {children ? <div className={styles.emptyActions}>{children}</div> : null}
    </div>
  );
}
