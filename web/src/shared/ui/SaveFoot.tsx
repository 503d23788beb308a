import type { ReactNode } from "react";
import styles from "./editor.module.css";

/** Stays in view below an editor while something is unsaved: what saving does, and the buttons for it. */
export function SaveFoot({ text, children }: { text: string; children: ReactNode }) {
  return (
    <footer className={styles.foot}>
      <span>{text}</span>
      {children}
    </footer>
  );
}
