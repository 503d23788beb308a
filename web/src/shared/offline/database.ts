/**
 * What this device keeps so that work goes on without a network, in IndexedDB. Where a browser gives no storage (some
 * private windows), nothing is kept and everything needs the network.
 */

const name = "chengdan";
const version = 1;

/** Each kept thing carries its person: `writes` and `files` outlive a sign-out, the others don't. */
const stores = {
  /** What is still to be sent, by its own id; the index `order` gives the order of entering. */
  writes: { keyPath: "id" },
  /** Files that belong to a write, apart from it so that listing the queue stays light. */
  files: { keyPath: "id" },
  /** Answers of the server by person and address. */
  answers: { keyPath: ["person_id", "address"] },
  /** Records by person, resource and id, from whichever answer they came. */
  rows: { keyPath: ["person_id", "resource", "id"] },
  /** The session that was open last. */
  device: { keyPath: "name" },
} as const;

export type StoreName = keyof typeof stores;

let opened: Promise<IDBDatabase | undefined> | undefined;

function open(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(undefined);
    let request: IDBOpenDBRequest;
    try {
      request = indexedDB.open(name, version);
    } catch {
      return resolve(undefined);
    }
    request.onupgradeneeded = () => {
      for (const [store, options] of Object.entries(stores)) {
        const made = request.result.createObjectStore(store, {
          keyPath: options.keyPath as string | string[],
        });
        if (store === "writes") made.createIndex("order", ["person_id", "order"]);
        if (store === "answers" || store === "rows") made.createIndex("at", "at");
      }
    };
    request.onsuccess = () => {
      // Another tab with a newer version must not wait for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opened = undefined;
      };
      request.result.onclose = () => {
        opened = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => resolve(undefined);
  });
}

/** The promise of a request's result. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Does `work` in one transaction and answers once it is safely stored; undefined without storage. `work` may await nothing
 * but requests of this transaction.
 */
export async function transact<T>(
  names: StoreName[],
  mode: IDBTransactionMode,
  work: (store: (name: StoreName) => IDBObjectStore) => Promise<T> | T,
): Promise<T | undefined> {
  opened ??= open();
  const database = await opened;
  if (!database) return undefined;
  const transaction = database.transaction(names, mode, { durability: "strict" });
  const ended = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
  const [answer] = await Promise.all([work((store) => transaction.objectStore(store)), ended]);
  return answer;
}

/** Everything whose key begins with this person. */
export const ofPerson = (person_id: string) => IDBKeyRange.bound([person_id], [person_id, []]);

/** Closes the database, so that the next use opens it again. For tests. */
export async function closeDatabase(): Promise<void> {
  (await opened)?.close();
  opened = undefined;
}
