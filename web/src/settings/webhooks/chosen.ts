/** What is chosen of one resource's events; a webhook's `events` are those of all resources. */
export type Choice = "all" | "some" | "none";

const eventsOf = (chosen: readonly string[], resource: string) =>
  chosen.filter((event) => event.startsWith(`${resource}.`));

const star = (resource: string) => `${resource}.*`;

export function choiceOf(chosen: readonly string[], resource: string): Choice {
  const own = eventsOf(chosen, resource);
  if (own.includes(star(resource))) return "all";
  return own.length > 0 ? "some" : "none";
}

export const isChosen = (chosen: readonly string[], resource: string, verb: string) =>
  chosen.includes(star(resource)) || chosen.includes(`${resource}.${verb}`);

/** Takes all of a resource, or nothing of it. */
export function withResource(
  chosen: readonly string[],
  resource: string,
  isTaken: boolean,
): string[] {
  const own = eventsOf(chosen, resource);
  const others = chosen.filter((event) => !own.includes(event));
  return isTaken ? [...others, star(resource)] : others;
}

/** Takes one event more or less; all of them but one are no longer all. */
export function withEvent(
  chosen: readonly string[],
  resource: string,
  verb: string,
  verbs: readonly string[],
): string[] {
  const others = withResource(chosen, resource, false);
  const own = verbs.filter((known) => isChosen(chosen, resource, known) !== (known === verb));
  return [...others, ...own.map((known) => `${resource}.${known}`)];
}
