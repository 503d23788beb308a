import { CaretDownOutlined, CaretUpOutlined } from "@ant-design/icons";
import { memo, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useResource } from "@/api/queries";
import type { Field, FieldType, Labels, Row } from "@/api/types";
import { recordPath, useResourceUi } from "@/shared/features";
import { EditableValue } from "../EditableValue";
import { useNames } from "../names";
import type { Density } from "../ResourceList";
import { labelOf } from "../save";
import styles from "./list.module.css";

const widths: Partial<Record<FieldType, number>> = {
  money: 120,
  day: 132,
  instant: 132,
  bool: 116,
  choice: 112,
  integer: 96,
  number: 96,
  region: 176,
  industry: 160,
  email: 190,
  tags: 180,
};

function widthOf(field: Field, isLabel: boolean, own?: Record<string, number>): number {
  const chosen = own?.[field.name];
  if (chosen) return chosen;
  if (isLabel) return 240;
  if (field.type === "reference" && field.reference !== "people") return 180;
  return widths[field.type] ?? 124;
}

/** Shown right-aligned, so that digits stand under digits. */
const isFigure = (field: Field) => ["money", "integer", "number"].includes(field.type);

type Props = {
  resource: string;
  columns: { field: Field; width?: number }[];
  rows: Row[];
  labels: Labels;
  sort?: string;
  setSort: (sort: string) => void;
  resize: (column: string, width: number) => void;
  cursor: number;
  opened?: string;
  open: (row: Row) => void;
  selected: ReadonlySet<string>;
  setSelected: (selected: ReadonlySet<string>) => void;
  density: Density;
  isStale: boolean;
};

/** The list as a table: sticky head and first column, sorting, column widths, selection, inline edit. */
export function DataTable(props: Props) {
  const { resource, columns, rows, labels, selected, setSelected } = props;
  const { t } = useTranslation("app");
  const label = useResource(resource)?.label_field;
  const own = useResourceUi(resource)?.widths;
  const all = rows.every((row) => selected.has(row.id));
  const some = rows.some((row) => selected.has(row.id));
  const toggleAll = () => {
    const next = new Set(selected);
    for (const row of rows) {
      if (all) next.delete(row.id);
      else next.add(row.id);
    }
    setSelected(next);
  };
  const lastToggled = useRef(-1);
  const toggle = (index: number, range: boolean) => {
    const row = rows[index];
    if (!row) return;
    const next = new Set(selected);
    const add = !next.has(row.id);
    const from = range && lastToggled.current >= 0 ? lastToggled.current : index;
    for (const entry of rows.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (add) next.add(entry.id);
      else next.delete(entry.id);
    }
    lastToggled.current = index;
    setSelected(next);
  };
  const total = columns.reduce(
    (sum, { field, width }) => sum + (width ?? widthOf(field, field.name === label, own)),
    40,
  );
  return (
    <div className={styles.tableBox} data-stale={props.isStale || undefined}>
      <table className={styles.table} data-density={props.density} style={{ minWidth: total }}>
        <colgroup>
          <col style={{ width: 40 }} />
          {columns.map(({ field, width }) => (
            <col
              key={field.name}
              style={{ width: width ?? widthOf(field, field.name === label, own) }}
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th className={styles.check}>
              <input
                type="checkbox"
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = some && !all;
                }}
                onChange={toggleAll}
                aria-label={t("app:list.select_page")}
              />
            </th>
            {columns.map(({ field, width }) => (
              <HeadCell
                key={field.name}
                resource={resource}
                field={field}
                width={width ?? widthOf(field, field.name === label, own)}
                sort={props.sort}
                setSort={props.setSort}
                resize={props.resize}
                isLabel={field.name === label}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <TableRow
              key={row.id}
              resource={resource}
              columns={columns}
              row={row}
              labels={labels}
              isAtCursor={index === props.cursor}
              isOpen={row.id === props.opened}
              isSelected={selected.has(row.id)}
              toggle={(range) => toggle(index, range)}
              open={() => props.open(row)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell({
  resource,
  field,
  width,
  sort,
  setSort,
  resize,
  isLabel,
}: Pick<Props, "resource" | "sort" | "setSort" | "resize"> & {
  field: Field;
  width: number;
  isLabel: boolean;
}) {
  const { t } = useTranslation("app");
  const names = useNames();
  const name = names.field(resource, field);
  const first = sort?.split(",")[0];
  const direction =
    first === field.name ? "ascending" : first === `-${field.name}` ? "descending" : undefined;
  const [dragged, setDragged] = useState<number>();
  const drag = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const start = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const widthAt = (x: number) => Math.max(64, width + x - start);
    handle.onpointermove = (moved) => setDragged(widthAt(moved.clientX) - width);
    handle.onpointerup = (ended) => {
      handle.onpointermove = null;
      handle.onpointerup = null;
      setDragged(undefined);
      resize(field.name, widthAt(ended.clientX));
    };
  };
  return (
    <th
      aria-sort={direction}
      data-figure={isFigure(field) || undefined}
      className={isLabel ? styles.sticky : undefined}
    >
      {field.sortable === false ? (
        <span className={styles.headName}>{name}</span>
      ) : (
        <button
          type="button"
          className={styles.headName}
          onClick={() => setSort(direction === "ascending" ? `-${field.name}` : field.name)}
        >
          {name}
          {direction === "ascending" ? <CaretUpOutlined /> : null}
          {direction === "descending" ? <CaretDownOutlined /> : null}
        </button>
      )}
      <button
        type="button"
        className={styles.resize}
        style={dragged ? { transform: `translateX(${dragged}px)`, opacity: 1 } : undefined}
        onPointerDown={drag}
        onKeyDown={(event) => {
          if (event.key === "ArrowLeft") resize(field.name, Math.max(64, width - 16));
          if (event.key === "ArrowRight") resize(field.name, width + 16);
        }}
        aria-label={t("app:columns.width", { column: name })}
      />
    </th>
  );
}

type RowProps = Pick<Props, "resource" | "columns" | "labels"> & {
  row: Row;
  isAtCursor: boolean;
  isOpen: boolean;
  isSelected: boolean;
  toggle: (range: boolean) => void;
  open: () => void;
};

/** Rendered again only when something about this row changed; its handlers always act on the same row. */
const TableRow = memo(
  function TableRow({
    resource,
    columns,
    row,
    labels,
    isAtCursor,
    isOpen,
    isSelected,
    toggle,
    open,
  }: RowProps) {
    const { t } = useTranslation("app");
    const description = useResource(resource);
    const hasPage = useResourceUi(resource) !== undefined;
    const label = labelOf(description, row);
    return (
      <tr
        id={`row-${row.id}`}
        data-cursor={isAtCursor || undefined}
        data-open={isOpen || undefined}
        aria-selected={isSelected}
        onClick={(event) => {
          const target = event.target as HTMLElement;
          // Portals (menus, pickers) bubble through React but are not inside the row.
          if (!event.currentTarget.contains(target)) return;
          if (target.closest("a,button,input,[data-editing]") || window.getSelection()?.toString())
            return;
          open();
        }}
      >
        <td className={styles.check}>
          <input
            type="checkbox"
            checked={isSelected}
            onChange={(event) => toggle((event.nativeEvent as MouseEvent).shiftKey)}
            aria-label={t("app:list.select", { name: label })}
          />
        </td>
        {columns.map(({ field }) =>
          field.name === description?.label_field ? (
            <th key={field.name} scope="row" className={styles.sticky}>
              {hasPage ? <Link to={recordPath(resource, row.id)}>{label}</Link> : label}
            </th>
          ) : (
            <td key={field.name} data-figure={isFigure(field) || undefined}>
              <EditableValue resource={resource} field={field} row={row} labels={labels} plain />
            </td>
          ),
        )}
      </tr>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.labels === after.labels &&
    before.columns === after.columns &&
    before.isAtCursor === after.isAtCursor &&
    before.isOpen === after.isOpen &&
    before.isSelected === after.isSelected,
);
