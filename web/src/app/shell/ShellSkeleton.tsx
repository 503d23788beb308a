import { Bar } from "@/shared/ui/Bar";
import { useIsPhone } from "@/shared/ui/useMedia";
import { Logo } from "./Logo";
import styles from "./shell.module.css";

/** The frame's outline while session and words are loading. */
export function ShellSkeleton({ collapsed }: { collapsed: boolean }) {
  const isPhone = useIsPhone();
  return (
    <div className={styles.shell} data-collapsed={collapsed || undefined} aria-busy>
      {isPhone ? null : (
        <div className={styles.side}>
          <div className={styles.brand}>
            <Logo />
          </div>
          <div className={styles.skeletonNav}>
            {[70, 90, 60].map((width) => (
              <Bar key={width} width={`${width}%`} />
            ))}
          </div>
        </div>
      )}
      <div className={styles.body}>
        <div className={styles.top} />
      </div>
    </div>
  );
}
