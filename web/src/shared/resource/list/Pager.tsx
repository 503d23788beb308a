import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Total } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import styles from "./list.module.css";

type Props = {
  page: number;
  pageSize: number;
  total: Total;
  /** Rows on this page. */
  count: number;
  go: (page: number) => void;
  setPageSize?: (size: number) => void;
  countExactly?: () => void;
};

/** Where one is in the list; beyond 10,000 the total is counted only when asked for. */
export function Pager({ page, pageSize, total, count, go, setPageSize, countExactly }: Props) {
  const { t } = useTranslation("app");
  const format = useFormat();
  const from = (page - 1) * pageSize + 1;
  const hasNext = total.exact ? page * pageSize < total.count : count === pageSize;
  return (
    <nav className={styles.pager} aria-label={t("app:pager.title")}>
      <span className={styles.range}>
        {t("app:pager.range", { from: format.number(from), to: format.number(from + count - 1) })}{" "}
        {total.exact ? (
          t("app:pager.total", { total: format.number(total.count) })
        ) : (
          <Button type="link" size="small" onClick={countExactly} title={t("app:pager.count")}>
            {t("app:pager.total", { total: `${format.number(total.count)}+` })}
          </Button>
        )}
      </span>
      {setPageSize ? (
        <Select
          size="small"
          variant="borderless"
          value={pageSize}
          onChange={setPageSize}
          aria-label={t("app:pager.size")}
          options={[25, 50, 100, 200].map((size) => ({
            value: size,
            label: t("app:pager.per_page", { size }),
          }))}
        />
      ) : null}
      <Button
        size="small"
        icon={<LeftOutlined />}
        disabled={page <= 1}
        onClick={() => go(page - 1)}
        aria-label={t("app:pager.previous")}
      />
      <Button
        size="small"
        icon={<RightOutlined />}
        disabled={!hasNext}
        onClick={() => go(page + 1)}
        aria-label={t("app:pager.next")}
      />
    </nav>
  );
}
