import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { day_minutes, type Piece, snap } from "./lanes";
import { type Entry, isMovable } from "./useCalendar";

/** Where something would go: the column and the minutes of its day; `until` may lie behind midnight. */
export type Ghost = { entry?: Entry; column: number; from: number; until: number };

export type Column = { key: string; day: string; person_id: string };
export type ColumnPiece = Piece & { column: number };

type Start = {
  kind: "move" | "resize" | "new";
  pointerId: number;
  x: number;
  y: number;
  piece?: ColumnPiece;
  /** Length of the whole entry and how far below its beginning it was taken, in minutes. */
  length: number;
  grab: number;
  column: number;
  minute: number;
};

const step = 15;
const slop_px = 5;
/** A finger that rests so long takes the entry; before that it scrolls. In ms. */
const hold_ms = 350;
const new_minutes = 60;

type Options = {
  grid: RefObject<HTMLElement | null>;
  columns: Column[];
  pieces: Map<string, ColumnPiece>;
  drop: (ghost: Ghost & { entry: Entry }) => void;
  /** Missing where nothing may be made. */
  create?: (ghost: Ghost) => void;
};

const lengthOf = (entry: Entry) =>
  (Date.parse(entry.ends_at) - Date.parse(entry.starts_at)) / 60_000;

/** Moves, resizes and makes entries of a time grid by mouse, finger and keys. */
export function useTimeDrag({ grid, columns, pieces, drop, create }: Options) {
  const [ghost, setGhost] = useState<Ghost>();
  const start = useRef<Start>(undefined);
  const isActive = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef<Ghost>(undefined);
  const swallowsClick = useRef(false);

  const put = useCallback((next: Ghost | undefined) => {
    latest.current = next;
    setGhost(next);
  }, []);
  const end = useCallback(() => {
    clearTimeout(timer.current);
    start.current = undefined;
    isActive.current = false;
    put(undefined);
  }, [put]);

  const spot = (event: { clientX: number; clientY: number }) => {
    const box = grid.current?.getBoundingClientRect();
    if (!box) return { column: 0, minute: 0 };
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns.length);
    const minute = ((event.clientY - box.top) / box.height) * day_minutes;
    return {
      column: Math.min(Math.max(column, 0), columns.length - 1),
      minute: Math.min(Math.max(minute, 0), day_minutes),
    };
  };
  /** Time moves freely, people don't: the nearest column of the same person. */
  const columnFor = (wanted: number, person_id: string, fallback: number) =>
    columns[wanted]?.person_id === person_id ? wanted : fallback;

  const follow = (event: { clientX: number; clientY: number }) => {
    const from = start.current;
    if (!from) return;
    const { column, minute } = spot(event);
    const entry = from.piece?.entry;
    if (from.kind === "move" && entry) {
      const begin = Math.max(0, snap(minute - from.grab, step));
      const to = columnFor(column, entry.person_id, from.column);
      put({ entry, column: to, from: begin, until: begin + from.length });
    } else if (from.kind === "resize" && entry && from.piece) {
      const until = Math.max(from.piece.from + step, snap(minute, step));
      put({ entry, column: from.column, from: from.piece.from, until });
    } else {
      const a = snap(from.minute, step);
      const b = snap(minute, step);
      put({
        column: from.column,
        from: Math.min(a, b),
        until: Math.max(a, b, Math.min(a, b) + step),
      });
    }
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || start.current) return;
    const target = event.target as HTMLElement;
    const key = target.closest<HTMLElement>("[data-piece]")?.dataset.piece;
    const piece = key ? pieces.get(key) : undefined;
    if (key && (!piece || !isMovable(piece.entry))) return;
    if (!piece && !create) return;
    const { column, minute } = spot(event);
    start.current = {
      kind: piece ? (target.closest("[data-edge]") ? "resize" : "move") : "new",
      pointerId: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      piece,
      length: piece ? lengthOf(piece.entry) : new_minutes,
      grab: piece ? minute - piece.from : 0,
      column: piece?.column ?? column,
      minute,
    };
    swallowsClick.current = false;
    const { clientX, clientY, pointerType } = event;
    if (pointerType !== "mouse") {
      timer.current = setTimeout(() => {
        isActive.current = true;
        navigator.vibrate?.(10);
        follow({ clientX, clientY });
      }, hold_ms);
    }
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const from = start.current;
    if (!from || from.pointerId !== event.pointerId) return;
    if (!isActive.current) {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) < slop_px) return;
      if (event.pointerType !== "mouse") return end();
      isActive.current = true;
      grid.current?.setPointerCapture(event.pointerId);
    }
    follow(event);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = start.current;
    if (!from || from.pointerId !== event.pointerId) return;
    const done = latest.current;
    const wasActive = isActive.current;
    end();
    if (wasActive && done) {
      swallowsClick.current = true;
      finish(done);
    } else if (from.kind === "new" && create) {
      const at = Math.floor(from.minute / 30) * 30;
      create({ column: from.column, from: at, until: at + new_minutes });
    }
  };
  const finish = (done: Ghost) => {
    const { entry } = done;
    if (entry) drop({ ...done, entry });
    else create?.(done);
  };

  // A finger that has taken something must not scroll the page as well.
  useEffect(() => {
    const element = grid.current;
    const hold = (event: TouchEvent) => {
      if (isActive.current) event.preventDefault();
    };
    const leave = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && start.current) end();
    };
    element?.addEventListener("touchmove", hold, { passive: false });
    document.addEventListener("keydown", leave);
    return () => {
      element?.removeEventListener("touchmove", hold);
      document.removeEventListener("keydown", leave);
    };
  }, [grid, end]);

  /** Alt with arrows moves, with Shift the end; Enter puts it there, Escape leaves it where it was. */
  const onKeyDown = (event: KeyboardEvent, entry: Entry, key: string) => {
    const known = latest.current?.entry?.id === entry.id ? latest.current : undefined;
    if (known && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      event.stopPropagation();
      put(undefined);
      if (event.key === "Enter") drop({ ...known, entry });
      return;
    }
    const steps: Record<string, [number, number]> = {
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
    };
    const by = steps[event.key];
    const piece = pieces.get(key);
    if (!by || !event.altKey || !piece || !isMovable(entry)) return;
    event.preventDefault();
    const now = known ?? {
      entry,
      column: piece.column,
      from: piece.from,
      until: piece.from + lengthOf(entry),
    };
    if (event.shiftKey) {
      put({ ...now, until: Math.max(now.from + step, now.until + by[1]) });
      return;
    }
    const from = now.from + by[1];
    if (from < 0 || from >= day_minutes) return;
    const column = columnFor(now.column + by[0], entry.person_id, now.column);
    put({ ...now, column, from, until: now.until + by[1] });
  };

  return {
    ghost,
    onKeyDown,
    cancel: () => put(undefined),
    /** True once after a drag: the click that follows it opens nothing. */
    takeClick: () => {
      const was = swallowsClick.current;
      swallowsClick.current = false;
      return was;
    },
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end },
  };
}
