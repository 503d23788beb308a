import styles from "./tiles.module.css";

const wide = 100;
const high = 28;

/** The course of a figure as a thin line; periods without a value part it. */
export function Sparkline({ values }: { values: (number | null | undefined)[] }) {
  const known = values.filter((value) => typeof value === "number");
  if (known.length < 2) return <span className={styles.sparkline} />;
  const least = Math.min(...known);
  const span = Math.max(...known) - least || 1;
  const x = (index: number) => 1 + (index / (values.length - 1)) * (wide - 2);
  const y = (value: number) => high - 3 - ((value - least) / span) * (high - 6);
  let path = "";
  let isDown = false;
  values.forEach((value, index) => {
    if (typeof value !== "number") {
      isDown = false;
      return;
    }
    path += `${isDown ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    isDown = true;
  });
  return (
    <svg
      className={styles.sparkline}
      viewBox={`0 0 ${wide} ${high}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
