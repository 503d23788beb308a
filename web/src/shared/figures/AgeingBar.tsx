import { Link } from "react-router";
import type { Filter, Money, Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./ageing.module.css";

type Props = {
  total: Schemas["AgedSum"];
  label: string;
  /** What is said before the part that is over its day. */
  overdue: string;
  nameOf: (age: string) => string;
  /** The list of the records behind an amount. */
  opens: (filter: Filter) => string;
};

/** One bar, parted by age; below it the same in words, so that nothing hangs on colour. */
export function AgeingBar({ total, label, overdue, nameOf, opens }: Props) {
  const format = useFormat();
  return (
    <section className={styles.ageing} aria-label={label}>
      <p className={styles.total}>
        <Link to={opens(total.filter)} title={format.exactMoney(total.amount)}>
          {format.money(total.amount)}
        </Link>
        <span>
          {overdue} <b>{format.money(total.overdue)}</b>
        </span>
      </p>
      <div className={styles.bar} aria-hidden>
        {total.ages
          .filter((age) => age.amount.amount_minor > 0)
          .map((age) => (
            <span
              key={age.age}
              data-age={age.age}
              style={{ flexGrow: age.amount.amount_minor / Math.max(1, total.amount.amount_minor) }}
            />
          ))}
      </div>
      <dl className={styles.ages}>
        {total.ages.map((age) => (
          <div key={age.age} data-age={age.age}>
            <dt>{nameOf(age.age)}</dt>
            <dd>
              <AgedFigure amount={age.amount} to={opens(age.filter)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** An amount that opens what it counts. */
export function AgedFigure({ amount, to }: { amount: Money; to: string }) {
  const format = useFormat();
  if (amount.amount_minor === 0) return <span className={styles.none}>—</span>;
  return (
    <Link to={to} title={format.exactMoney(amount)}>
      {format.money(amount)}
    </Link>
  );
}
