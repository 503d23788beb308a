import { DeleteOutlined, HolderOutlined } from "@ant-design/icons";
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Button } from "antd";
import type { ReactNode } from "react";
import styles from "./sortable.module.css";

type ListProps<T> = {
  items: readonly T[];
  isDisabled: boolean;
  onOrder: (items: T[]) => void;
  /** A `SortableRow` for each item. */
  children: ReactNode;
};

/** A list whose rows are put into another order by dragging, or by the keyboard. */
export function SortableList<T extends { key: string }>({
  items,
  isDisabled,
  onOrder,
  children,
}: ListProps<T>) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const reorder = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    const at = (key: unknown) => items.findIndex((item) => item.key === key);
    onOrder(arrayMove([...items], at(active.id), at(over.id)));
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={reorder}>
      <SortableContext
        items={items.map((item) => item.key)}
        strategy={verticalListSortingStrategy}
        disabled={isDisabled}
      >
        <ol className={styles.list}>{children}</ol>
      </SortableContext>
    </DndContext>
  );
}

type RowProps = {
  /** The item's `key`. */
  id: string;
  className: string | undefined;
  isDisabled: boolean;
  moveLabel: string;
  removeLabel: string;
  onRemove: () => void;
  children: ReactNode;
  /** What stands below the line, after the button that removes it. */
  more?: ReactNode;
};

/** One row of a `SortableList`: its handle, what it holds, and a button that removes it, as cells of its grid. */
export function SortableRow(props: RowProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition } =
    useSortable({ id: props.id, disabled: props.isDisabled });
  return (
    <li
      ref={setNodeRef}
      className={`${styles.row} ${props.className}`}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <Button
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        type="text"
        size="small"
        className={styles.handle}
        disabled={props.isDisabled}
        icon={<HolderOutlined />}
        aria-label={props.moveLabel}
      />
      {props.children}
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        disabled={props.isDisabled}
        aria-label={props.removeLabel}
        onClick={props.onRemove}
      />
      {props.more}
    </li>
  );
}
