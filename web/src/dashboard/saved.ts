import { useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useAddress } from "@/shared/ui/useAddress";
import { usePreference } from "@/shared/ui/usePreference";
import type { Tile } from "./figures";

export type Dashboard = Schemas["DashboardRow"];
export type Shared = Schemas["Shared"];

const key = ["dashboards"] as const;

/** The dashboards that one sees, and the one that is looked at: by the address, else the last one, else that of one's role. */
export function useDashboards() {
  const list = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Schemas["DashboardList"]>("/dashboards", undefined, signal),
    staleTime: 300_000,
  });
  const [search, setAddress] = useAddress();
  const [last, setLast] = usePreference<string | null>("dashboard.last", null);
  const rows = list.data?.rows ?? [];
  const byId = (id: string | null | undefined) => rows.find((row) => row.id === id);
  const current = byId(search.get("d")) ?? byId(last) ?? byId(list.data?.chosen) ?? rows[0];
  const choose = (id: string) => {
    setLast(id);
    setAddress({ d: id }, true);
  };
  return { rows, current, choose, list };
}

type Content = { name: string; tiles: Tile[]; shared: Shared };

const renew = () => queryClient.invalidateQueries({ queryKey: key });

export async function saveNew(content: Content): Promise<Dashboard> {
  const { data } = await api.post<Dashboard>("/dashboards", content);
  await renew();
  return data;
}

export async function saveChanges(dashboard: Dashboard, changes: Partial<Content>) {
  await api.patch<Dashboard>(`/dashboards/${dashboard.id}`, changes, dashboard.version);
  await renew();
}

export async function remove(dashboard: Dashboard) {
  await api.delete(`/dashboards/${dashboard.id}`, dashboard.version);
  await renew();
}
