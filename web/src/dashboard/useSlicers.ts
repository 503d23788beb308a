import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { keys, useResource } from "@/api/queries";
import { api } from "@/api/request";
import type { Schemas } from "@/api/types";
import { useFormat } from "@/shared/format/useFormat";
import { useAddress } from "@/shared/ui/useAddress";
import { usePreference } from "@/shared/ui/usePreference";
import type { Look } from "./figures";
import { type Length, lengthOf, lengths, periodWith, shifted } from "./period";

export type Team = { id: string; name: string; parent: string | null; depth: number };

type Node = Schemas["TeamNode"];

const walk = (nodes: Node[], parent: string | null = null, depth = 0): Team[] =>
  nodes.flatMap((node) => [
    { id: node.id, name: node.name, parent, depth },
    ...walk(node.children, node.id, depth + 1),
  ]);

/** All teams from above to below; none for whoever may not see them. */
export function useTeams(): Team[] {
  const isWanted = useResource("teams") !== undefined;
  const tree = useQuery({
    queryKey: keys.list("teams", { tree: true }),
    queryFn: ({ signal }) => api.get<Schemas["TeamTree"]>("/teams/tree", undefined, signal),
    enabled: isWanted,
    staleTime: 300_000,
  });
  return useMemo(() => walk(tree.data?.rows ?? []), [tree.data]);
}

/** What the dashboard is looked at for, as it stands in the address. */
export function useSlicers() {
  const { today } = useFormat();
  const [search, setAddress] = useAddress();
  const [usual, setUsual] = usePreference<Length>("dashboard.length", "month");
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) =>
      api.get<Schemas["OrganisationSettings"]>("/settings", undefined, signal),
    staleTime: 300_000,
  });
  const fiscalMonth = settings.data?.fiscal_first_month ?? 1;
  const asked = search.get("period");
  const length = lengthOf(asked) ?? (lengths.includes(usual) ? usual : "month");
  const present = periodWith(length, today, fiscalMonth);
  const period = asked && lengthOf(asked) ? asked : present;
  const teamId = search.get("team") ?? undefined;
  const personId = search.get("person") ?? undefined;
  const look = useMemo(
    (): Look => ({
      period,
      slice: { team_id: teamId, person_id: personId },
      today,
      fiscalMonth,
    }),
    [period, teamId, personId, today, fiscalMonth],
  );
  const setPeriod = (next: string) =>
    setAddress({ period: next === present && length === usual ? null : next }, true);
  return {
    look,
    length,
    isPresent: period === present,
    setLength: (next: Length) => {
      setUsual(next);
      setAddress({ period: null }, true);
    },
    step: (count: number) => setPeriod(shifted(period, count, fiscalMonth)),
    toPresent: () => setPeriod(present),
    setTeam: (id: string | null) => setAddress({ team: id, person: null }),
    setPerson: (id: string | null) => setAddress({ person: id }),
    setScope: (team: string | null, person: string | null) => setAddress({ team, person }),
  };
}

export type Slicers = ReturnType<typeof useSlicers>;
