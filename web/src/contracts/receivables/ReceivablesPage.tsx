import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keys } from "@/api/queries";
import { api } from "@/api/request";
import type { Filter, Schemas } from "@/api/types";
import { recordPath } from "@/shared/features";
import { AgedFigure, AgeingBar } from "@/shared/figures/AgeingBar";
import { Bar } from "@/shared/ui/Bar";
import { Chips } from "@/shared/ui/Chips";
import { Empty } from "@/shared/ui/Empty";
import { ErrorNotice } from "@/shared/ui/ErrorNotice";
import { ScrollBox } from "@/shared/ui/ScrollBox";
import { useAddress } from "@/shared/ui/useAddress";
import { useTitle } from "@/shared/ui/useTitle";
import styles from "./receivables.module.css";

type Receivables = Schemas["Receivables"];

const ways = ["customer", "person", "team"] as const;
const opens = (filter: Filter) => `/instalments?f=${encodeURIComponent(JSON.stringify(filter))}`;

const pages = { customer: "customers", person: "people", team: "teams" } as const;

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
          <AgeingBar
            total={data.total}
            label={t("contracts:receivables.ageing")}
            overdue={t("contracts:receivables.overdue")}
            nameOf={(age) => t(`contracts:receivables.ages.${age}`)}
            opens={opens}
          />
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
                <AgedFigure amount={slice.amount} to={opens(slice.filter)} />
              </td>
              {slice.ages.map((age) => (
                <td key={age.age} data-age={age.age}>
                  <AgedFigure amount={age.amount} to={opens(age.filter)} />
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
