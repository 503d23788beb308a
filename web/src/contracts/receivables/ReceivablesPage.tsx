import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Money, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { useFormat } from "@/shared/format/useFormat";
import { Bar } from "@/shared/ui/Bar";
import { Chips } from "@/shared/ui/Chips";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import { useAddress } from "@/shared/ui/useAddress";
import { useTitle } from "@/shared/ui/useTitle";
import styles from "./receivables.module.css";

type Receivables = Schemas["Receivables"];
type Aged = Schemas["AgedSum"];

const ways = ["customer", "person", "team"] as const;
const pages = { customer: "customers", person: "people", team: "teams" } as const;

const opens = (filter: Filter) => `/instalments?f=${encodeURIComponent(JSON.stringify(filter))}`;

/** What is still to be received, by how long it is overdue; every figure opens its instalments. */
export function ReceivablesPage() {
  const { t } = useTranslation(["contracts", "instalments"]);
  useTitle(t("instalments:title"));
  const [search, set] = useAddress();
  const by = ways.find((way) => way === search.get("by")) ?? "customer";
  // Under the key of the instalments' lists, so that every change of one makes it stale as well.
  const receivables = useQuery({
    queryKey: keys.list("instalments", { ages: by }),
    queryFn: ({ signal }) => api.get<Receivables>("/receivables", { by }, signal),
    placeholderData: keepPreviousData,
  });
  const data = receivables.data;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t("instalments:title")}</h1>
        <Link to="/instalments">{t("contracts:receivables.list")}</Link>
      </header>
      {receivables.isError ? (
        <ErrorNotice error={receivables.error} retry={() => receivables.refetch()} />
      ) : !data ? (
        <Bar />
      ) : data.total.count === 0 ? (
        <Empty title={t("instalments:empty.title")} text={t("instalments:empty.text")} />
      ) : (
        <>
          <AgeingBar total={data.total} />
          <div className={styles.tools}>
            <Chips
              label={t("contracts:receivables.by")}
              options={ways.map((way) => ({
                value: way,
                label: t(`contracts:receivables.ways.${way}`),
              }))}
              value={data.by}
              onChange={(way) => set({ by: way === "customer" ? null : way }, true)}
            />
          </div>
          <Slices data={data} />
        </>
      )}
    </div>
  );
}

/** One bar, parted by age; below it the same in words, so that nothing hangs on colour. */
function AgeingBar({ total }: { total: Aged }) {
  const { t } = useTranslation("contracts");
  const format = useFormat();
  return (
    <section className={styles.ageing} aria-label={t("contracts:receivables.ageing")}>
      <p className={styles.total}>
        <Link to={opens(total.filter)} title={format.exactMoney(total.amount)}>
          {format.money(total.amount)}
        </Link>
        <span>
          {t("contracts:receivables.overdue")} <b>{format.money(total.overdue)}</b>
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
            <dt>{t(`contracts:receivables.ages.${age.age}`)}</dt>
            <dd>
              <Figure amount={age.amount} filter={age.filter} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Figure({ amount, filter }: { amount: Money; filter: Filter }) {
  const format = useFormat();
  if (amount.amount_minor === 0) return <span className={styles.none}>—</span>;
  return (
    <Link to={opens(filter)} title={format.exactMoney(amount)}>
      {format.money(amount)}
    </Link>
  );
}

function Slices({ data }: { data: Receivables }) {
  const { t } = useTranslation("contracts");
  const ages = data.total.ages.map((age) => age.age);
  return (
    <ScrollBox label={t("instalments:title")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t(`contracts:receivables.ways.${data.by}`)}</th>
            <th scope="col">{t("contracts:receivables.open")}</th>
            {ages.map((age) => (
              <th key={age} scope="col">
                {t(`contracts:receivables.ages.${age}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.slices.map((slice) => (
            <tr key={slice.key ?? ""}>
              <th scope="row">
                {slice.key ? (
                  <Link to={recordPath(pages[data.by], slice.key)}>{data.labels[slice.key]}</Link>
                ) : (
                  t("contracts:receivables.nobody")
                )}
              </th>
              <td>
                <Figure amount={slice.amount} filter={slice.filter} />
              </td>
              {slice.ages.map((age) => (
                <td key={age.age} data-age={age.age}>
                  <Figure amount={age.amount} filter={age.filter} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data.slices_left_out > 0 ? (
        <p className={styles.note}>
          {t("contracts:receivables.left_out", { count: data.slices_left_out })}
        </p>
      ) : null}
    </ScrollBox>
  );
}
