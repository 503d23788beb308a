import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys, queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";

export type Webhook = Schemas["Webhook"] & { name: string; url: string; events: string[] };
export type Delivery = Schemas["WebhookDelivery"];

const deliveries = "webhook_deliveries";

export function useWebhooks() {
  return useQuery({
    queryKey: keys.list("webhooks"),
    queryFn: async () =>
      (await api.get<{ rows: Webhook[] }>("/webhooks", { page_size: 200, sort: "created_at" }))
        .rows,
  });
}

/** What webhooks can be told of, by resource. */
export function useEvents() {
  return useQuery({
    queryKey: ["webhook_events"],
    queryFn: async () => (await api.get<Schemas["WebhookEvents"]>("/webhooks/events")).rows,
    staleTime: 300_000,
  });
}

/** What was sent to a webhook, newest first; asked again every few seconds, since no live change tells of it. */
export function useDeliveries(webhook: string, state: string | undefined) {
  const tests = [
    { field: "webhook_id", op: "in", value: [webhook] },
    ...(state ? [{ field: "state", op: "in", value: [state] }] : []),
  ];
  const columns =
    "event,resource,record_id,state,attempts,status,error,next_at,delivered_at,created_at";
  return useInfiniteQuery({
    queryKey: keys.list(deliveries, { webhook, state }),
    queryFn: ({ pageParam, signal }) =>
      api.get<{ rows: Delivery[]; page: number; page_size: number }>(
        `/${deliveries}`,
        { filter: JSON.stringify({ and: tests }), columns, page: pageParam, page_size: 50 },
        signal,
      ),
    initialPageParam: 1,
    getNextPageParam: (page) => (page.rows.length === page.page_size ? page.page + 1 : undefined),
    refetchInterval: 2000,
  });
}

export function refreshDeliveries() {
  return queryClient.invalidateQueries({ queryKey: keys.lists(deliveries) });
}

/** An event in the person's words: "Customers · Created"; the star stands for all of a resource. */
export function useEventName() {
  const { t, i18n } = useTranslation("webhooks");
  const verb = (name: string) => {
    const key = `webhooks:verbs.${name}`;
    return i18n.exists(key) ? t(key) : name;
  };
  const event = (name: string) => {
    const [resource = "", of = ""] = name.split(".");
    return `${t(`${resource}:title`)} · ${of === "*" ? t("webhooks:all") : verb(of)}`;
  };
  return { verb, event };
}
