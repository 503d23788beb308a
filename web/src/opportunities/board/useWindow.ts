import { type RefObject, useEffect, useState } from "react";

/**
 * Which of `count` items of one height (px) stand in the visible part of a scrolling box, with some beyond both
 * ends so that quick scrolling shows no gaps.
 */
export function useWindow(box: RefObject<HTMLElement | null>, count: number, height: number) {
  const [view, setView] = useState({ top: 0, size: 900 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, size: element.clientHeight });
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [box]);
  const beyond = 4;
  const first = Math.max(0, Math.floor(view.top / height) - beyond);
  const last = Math.min(count, Math.ceil((view.top + view.size) / height) + beyond);
  return { first, last: Math.max(first, last) };
}
