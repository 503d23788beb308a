/**
 * Runs before anything else of the web UI is here: asks the server what the first page after sign-in will ask, and fetches
 * that page's code beside the rest, so that nothing of it waits for another. Only a hurry: without it all comes later.
 */
import { askAhead } from "@/api/ahead";
import { catalogues, firstLanguage } from "@/app/words";

const { pathname, search } = window.location;

function hurry(): void {
  askAhead("/api/session");
  askAhead("/api/meta");
  const words = catalogues[firstLanguage()];
  const code: Promise<unknown>[] = [words.start(), words.rest(), import("@/app/shell/Shell")];
  if (pathname === "/" || pathname === "/today") {
    const day = new URLSearchParams(search).get("day");
    askAhead(`/api/today${day ? `?${new URLSearchParams({ day })}` : ""}`);
    askAhead("/api/activity_kinds?sort=position&page_size=200");
    code.push(import("@/today/TodayPage"), import("@/activities/ActivityLine"));
  }
  // Whoever needs it asks again, and says what is wrong.
  for (const piece of code) piece.catch(() => undefined);
}

if (!/^\/(sign-in|setup|forgot-password|reset-password)(\/|$)/.test(pathname)) hurry();
