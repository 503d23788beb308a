import { Bar } from "@/shared/ui/Bar";
import styles from "./list.module.css";

const rows = Array.from({ length: 12 }, (_, row) => row);

/** The outline of the table while its first page is loading. */
export function TableSkeleton({ columns }: { columns: number }) {
  const shown = rows.slice(0, Math.min(Math.max(columns, 3), 7));
  return (
    <div className={styles.skeleton} aria-busy>
      {rows.map((row) => (
        <div key={row} className={styles.skeletonRow}>
          {shown.map((column) => (
            <Bar
              key={column}
              width={column === 0 ? "80%" : `${40 + ((row * 7 + column * 13) % 40)}%`}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
