import { useEffect, useRef } from "react";

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName) ||
      target.closest(
        "[role=combobox],[role=listbox],[role=menu],[role=dialog][aria-modal=true]",
      ) !== null)
  );
}

/**
 * Runs the handler of the pressed key. Names are `KeyboardEvent.key` in lower case, with `mod+` for Ctrl or ⌘.
 * Keys without `mod+` rest while the person types or a dialog is open.
 */
export function useShortcuts(
  handlers: Record<string, (event: KeyboardEvent) => void>,
  active = true,
) {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (!active) return;
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const mod = event.ctrlKey || event.metaKey;
      const name = `${mod ? "mod+" : ""}${event.key.toLowerCase()}`;
      const handler = latest.current[name];
      if (!handler) return;
      if (!mod && (isTyping(event.target) || document.querySelector("[aria-modal=true]"))) return;
      event.preventDefault();
      handler(event);
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [active]);
}
