import { DownloadOutlined, FilterOutlined, PlusOutlined, SearchOutlined } from "@ant-design/icons";
import { Badge, Button, Drawer, Dropdown, Input, Popover } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useResource } from "@/api/queries";
import { address } from "@/api/request";
import { useResourceUi } from "@/shared/features";
import { Kbd } from "@/shared/ui/Kbd";
import { useIsPhone } from "@/shared/ui/useMedia";
import { useCreate } from "../CreateProvider";
import { FilterBuilder } from "../filter/FilterBuilder";
import { countOf } from "../filter/model";
import type { Density } from "../ResourceList";
import { ColumnChooser } from "./ColumnChooser";
import styles from "./list.module.css";
import { type ListState, viewKey } from "./useListState";

type Props = {
  resource: string;
  title: string;
  state: ListState;
  density: Density;
  setDensity: (density: Density) => void;
  /** Beside the title. */
  tools?: ReactNode;
  /** Whether what is below has columns to choose from. */
  isTable?: boolean;
};

export function ListToolbar(props: Props) {
  const { resource, title, state, density, setDensity, tools, isTable = true } = props;
  const { t } = useTranslation("app");
  const isPhone = useIsPhone();
  const me = useMe();
  const create = useCreate();
  const description = useResource(resource);
  const actions = description?.actions ?? [];
  const isPart = useResourceUi(resource)?.isPart;

  const download = (format: "xlsx" | "csv") =>
    window.location.assign(
      address(`/${resource}/export`, {
        format,
        filter: state.filter ? JSON.stringify(state.filter) : undefined,
        sort: state.sort,
        q: state.q,
        columns: state.columns.map((column) => column.name).join(","),
      }),
    );
  return (
    <div className={styles.toolbar}>
      <h1>{title}</h1>
      {tools}
      <div className={styles.tools}>
        {description?.fields.some((field) => field.searchable) ? <SearchBox state={state} /> : null}
        <FilterButton resource={resource} state={state} />
        {isPhone || !isTable ? null : (
          <ColumnChooser
            resource={resource}
            state={state}
            density={density}
            setDensity={setDensity}
          />
        )}
        {actions.includes("export") && !isPhone ? (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: [
                { key: "xlsx", label: t("app:export.xlsx"), onClick: () => download("xlsx") },
                { key: "csv", label: t("app:export.csv"), onClick: () => download("csv") },
              ],
            }}
          >
            <Button icon={<DownloadOutlined />}>{t("app:export.title")}</Button>
          </Dropdown>
        ) : null}
        {actions.includes("create") && !me.preview && !isPart ? (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => create(resource)}>
            {t("app:new")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** The filter stands in a popover beside its button, on a phone in a drawer from below. */
function FilterButton({ resource, state }: { resource: string; state: ListState }) {
  const { t } = useTranslation("app");
  const isPhone = useIsPhone();
  const [isOpen, setIsOpen] = useState(false);
  const builder = (
    <FilterBuilder
      key={viewKey(state.view)}
      resource={resource}
      filter={state.filter}
      onChange={state.setFilter}
    />
  );
  const badge = (
    <Badge count={countOf(state.filter)} size="small" color="var(--accent)">
      <Button
        icon={<FilterOutlined />}
        aria-expanded={isOpen}
        aria-label={t("app:filter.title")}
        onClick={isPhone ? () => setIsOpen(true) : undefined}
      >
        {isPhone ? null : t("app:filter.title")}
      </Button>
    </Badge>
  );
  if (isPhone) {
    return (
      <>
        {badge}
        <Drawer
          placement="bottom"
          size="auto"
          open={isOpen}
          onClose={() => setIsOpen(false)}
          title={t("app:filter.title")}
          destroyOnHidden
        >
          {builder}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isOpen}
      onOpenChange={setIsOpen}
      destroyOnHidden
      content={builder}
    >
      {badge}
    </Popover>
  );
}

function SearchBox({ state }: { state: ListState }) {
  const { t } = useTranslation("app");
  const isPhone = useIsPhone();
  const { q, set } = state;
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The URL may change by other ways (back, another view): then the text follows it.
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  const type = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      sent.current = next.trim();
      set({ q: next.trim() || null }, true);
    }, 250);
  };
  return (
    <Input
      id="list-search"
      className={styles.search}
      allowClear
      value={text}
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
      placeholder={t("app:list.search")}
      aria-label={t("app:list.search")}
      prefix={<SearchOutlined />}
      suffix={isPhone || text ? null : <Kbd keys="/" />}
    />
  );
}
