/** Lets the web UI open without a network from now on. Plain-HTTP addresses can't have that. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Forbidden in some private windows; everything else works.
    });
  };
  // The files of the first page come first.
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}
