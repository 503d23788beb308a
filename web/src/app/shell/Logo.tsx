import styles from "./shell.module.css";

export function Logo({ name }: { name?: string }) {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="8" className={styles.logoGround} />
        <path
          d="M8.5 16.8l4.9 4.9L23.8 10.6"
          fill="none"
          className={styles.logoStroke}
          strokeWidth="3.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {name ? <span className={styles.logoName}>{name}</span> : null}
    </span>
  );
}
