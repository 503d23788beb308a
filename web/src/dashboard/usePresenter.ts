import { useCallback, useEffect, useState } from "react";
import { useShortcuts } from "@/shared/ui/useShortcut";

/** The dashboard alone on the whole screen, for a meeting; the arrows go to the next one, Escape ends it. */
export function usePresenter(step: (count: number) => void) {
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    const follow = () => {
      if (!document.fullscreenElement) setIsOn(false);
    };
    document.addEventListener("fullscreenchange", follow);
    return () => document.removeEventListener("fullscreenchange", follow);
  }, []);
  const begin = useCallback(() => {
    setIsOn(true);
    // Where the browser refuses the whole screen, the page shows the dashboard alone all the same. The whole document goes,
    // so that what opens beside the dashboard is seen.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
  }, []);
  const end = useCallback(() => {
    setIsOn(false);
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
  }, []);
  useShortcuts({ arrowright: () => step(1), arrowleft: () => step(-1), escape: end }, isOn);
  return { isOn, begin, end };
}
