import { api } from "@/api/request";

/** Whether this browser can be told of things while no page is open. Plain-HTTP addresses can't. */
export const canPush = () =>
  "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export class PushDenied extends Error {}

/** Asks the person and the browser, then tells the server where to send. Throws `PushDenied` when the person says no. */
export async function startPush(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new PushDenied();
  const registration = await navigator.serviceWorker.ready;
  const { public_key } = await api.get<{ public_key: string }>("/push/key");
  // One that was made for another key would never be delivered.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(public_key),
  });
  await api.post("/push/subscriptions", made.toJSON());
}

export async function endPush(): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  if (!known) return;
  await api.delete("/push/subscriptions", undefined, { endpoint: known.endpoint });
  await known.unsubscribe();
}
