import styles from "./ui.module.css";

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);

/** A key, as it is printed on the person's keyboard; `mod` is Ctrl or ⌘. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className={styles.kbd}>
      {keys.replace("mod+", isApple ? "⌘" : "Ctrl ").replace("enter", isApple ? "↵" : "Enter")}
    </kbd>
  );
}
