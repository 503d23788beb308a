/// <reference lib="webworker" />
/**
 * Lets the web UI open without a network: keeps all of its files and answers with them. What the server says is none of its
 * business; the pages keep that themselves, by person.
 */
/** Both written in front of this file by the build: all files of the web UI, and a name that changes with them. */
declare const shellFiles: string[];
declare const shellBuild: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const prefix = "shell-";
const cacheName = prefix + shellBuild;
/** A page of the network that takes longer than this is answered from here, in ms. */
const patience_ms = 4_000;
const at_once = 6;

/** Files that an earlier build had as well, or that an interrupted attempt brought here, are not fetched again. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  const open = [...shellFiles];
  const next = async (): Promise<void> => {
    for (let file = open.shift(); file; file = open.shift()) {
      const isNamedByContent = file.startsWith("/assets/");
      const known = isNamedByContent ? await caches.match(file, { ignoreVary: true }) : undefined;
      const answer = known ?? (await fetch(file, isNamedByContent ? {} : { cache: "no-cache" }));
      if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
      await cache.put(file, answer);
    }
  };
  await Promise.all(Array.from({ length: at_once }, next));
}

/** Pages of the build before may still be open and ask for their pieces. */
async function dropOld(): Promise<void> {
  const names = (await caches.keys()).filter(
    (name) => name.startsWith(prefix) && name !== cacheName,
  );
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  const kept = async () => caches.match("/", { cacheName, ignoreVary: true });
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(patience_ms) });
    return answer.status < 500 ? answer : ((await kept()) ?? answer);
  } catch (error) {
    const shell = await kept();
    if (shell) return shell;
    throw error;
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

/** Addresses under which the server answers with something else than the web UI. */
const isServers = (path: string) =>
  /^\/(api|healthz|readyz|metrics)(\/|$)/.test(path) || /^\/calendar\/.+\.ics$/.test(path);

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin || isServers(pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (shellFiles.includes(pathname) || pathname.startsWith("/assets/")) {
    event.respondWith(file(request));
  }
});

/** What the server sends to a device; `url` is an address of the web UI. */
type Told = { id: string; title: string; text: string; url?: string };

worker.addEventListener("push", (event) => {
  const told = event.data?.json() as Told | undefined;
  if (!told) return;
  event.waitUntil(
    worker.registration.showNotification(told.title, {
      body: told.text,
      tag: told.id,
      icon: "/icon-192.png",
      data: { url: told.url ?? "/" },
    }),
  );
});

/** Goes to what the notification is about, in an open window if there is one. */
async function follow(url: string): Promise<void> {
  const address = new URL(url, worker.location.origin);
  if (address.origin !== worker.location.origin) return;
  const [open] = await worker.clients.matchAll({ type: "window" });
  if (!open) {
    await worker.clients.openWindow(address.href);
    return;
  }
  await open.focus();
  // The page goes there by itself, without being loaded anew.
  open.postMessage({ go: address.pathname + address.search });
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(follow(String((event.notification.data as { url?: string }).url ?? "/")));
});

// The browser gave up the subscription: the server is told of the new one.
worker.addEventListener("pushsubscriptionchange", (event) => {
  const change = event as ExtendableEvent & { oldSubscription?: PushSubscription | null };
  const options = change.oldSubscription?.options;
  if (!options) return;
  change.waitUntil(
    worker.registration.pushManager.subscribe(options).then((made) =>
      fetch("/api/push/subscriptions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(made.toJSON()),
      }),
    ),
  );
});
