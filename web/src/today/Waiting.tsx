import { Bar } from "@/shared/ui/Bar";
import styles from "./today.module.css";

/** The outline of a day that is still loading. */
export function Waiting() {
  return (
    <div className={styles.columns} aria-busy>
      {[
        [70, 85, 60, 75],
        [60, 80],
      ].map((widths) => (
        <div key={widths.length} className={styles.waiting}>
          {widths.map((width) => (
            <Bar key={width} width={`${width}%`} />
          ))}
        </div>
      ))}
    </div>
  );
}
