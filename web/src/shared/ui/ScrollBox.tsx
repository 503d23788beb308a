import type { ReactNode } from "react";
import styles from "./ui.module.css";

type Props = {
  /** What is in it, as a screen reader calls it. */
  label: string;
  /** Instead of the frame of a table. */
  className?: string;
  /** Higher than the screen, too. */
  isTall?: boolean;
  children: ReactNode;
};

/** A part wider (or higher) than its place, which scrolls within it. */
export function ScrollBox({ label, className = styles.tableBox, isTall, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys.
    <section className={className} aria-label={label} data-tall={isTall || undefined} tabIndex={0}>
      {children}
    </section>
  );
}
