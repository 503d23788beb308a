import { api } from "@/api/request";
import type { Me, Page } from "@/api/types";
import type { Feature } from "@/shared/features";

const first_ms = 4_000;
const again_ms = 15 * 60_000;
const page_size = 200;
/** A list is read to its end, or as far as a device should keep it. */
const pages_max = 5;

async function readList(path: string, query: Record<string, unknown>): Promise<void> {
  for (let page = 1; page <= pages_max; page += 1) {
    const answer = await api.get<Partial<Page>>(path, { ...query, page, page_size });
    if (!answer.rows || answer.rows.length < page_size) return;
  }
}

/** Asks now and then for what the person will want without a network. Answers a function that ends it. */
export function readAhead(features: Feature[], me: Me): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;
  const read = async () => {
    if (document.visibilityState === "visible" && navigator.onLine) {
      for (const feature of features) {
        for (const { path, query } of feature.offline?.ahead?.(me) ?? []) {
          if (isOver) return;
          const work = query?.filter ? readList(path, query) : api.get(path, query);
          // What can't be had now comes next time.
          await Promise.resolve(work).catch(() => undefined);
        }
      }
    }
    timer = setTimeout(read, again_ms);
  };
  timer = setTimeout(read, first_ms);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
