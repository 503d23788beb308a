/** So long after the first page's files, in ms. */
const later_ms = 2_000;

/** Lets the web UI open without a network from now on. Plain-HTTP addresses can't have that. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Forbidden in some private windows; everything else works.
    });
  };
  // The first page comes first, with all that it asks: the worker fetches the files of every other.
  const later = () => setTimeout(register, later_ms);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}
