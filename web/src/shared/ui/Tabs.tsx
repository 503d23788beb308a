import styles from "./editor.module.css";

type Props = {
  /** What the tabs choose among. */
  label: string;
  tabs: readonly { id: string; name: string }[];
  current: string;
  choose: (id: string) => void;
};

/** One of a few, named side by side. */
export function Tabs({ label, tabs, current, choose }: Props) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          aria-current={tab.id === current ? "page" : undefined}
          onClick={() => choose(tab.id)}
        >
          {tab.name}
        </button>
      ))}
    </nav>
  );
}
