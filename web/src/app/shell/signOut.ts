import { api } from "@/api/request";

/** Ends the session and forgets everything that this tab has loaded. */
export async function signOut(): Promise<void> {
  await api.delete("/session");
  window.location.assign("/sign-in");
}
