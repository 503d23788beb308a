import type { ReactNode } from "react";

type Props = {
  /** What is in it, as a screen reader calls it. */
  label: string;
  className?: string;
  isTall?: boolean;
  children: ReactNode;
};

/** A part wider (or higher) than its place, which scrolls within it. */
export function ScrollBox({ label, className, isTall, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys.
    <section className={className} aria-label={label} data-tall={isTall || undefined} tabIndex={0}>
      {children}
    </section>
  );
}
