import styles from "./ui.module.css";

/** A grey bar in the place of a text that is still loading. */
export function Bar({ width = "100%" }: { width?: string | number }) {
  return <span className={styles.bar} style={{ width }} aria-hidden />;
}
