import { useQuery } from "@tanstack/react-query";
import { useRecord } from "@/api/queries";
import { api } from "@/api/request";
import type { Row } from "@/api/types";

export const stepTypes = [
  "yes_no",
  "choice",
  "number",
  "text",
  "photo",
  "products",
  "competitor_price",
] as const;
export type StepType = (typeof stepTypes)[number];

/** A text in Chinese and perhaps in English. */
type Named = { name: string; name_en?: string };

export type StepChoice = Named & { code: string };

/** One step of a standard visit, with a typed answer. The code stays the same through all versions. */
export type Step = Named & {
  code: string;
  type: StepType;
  is_required: boolean;
  guidance?: string;
  guidance_en?: string;
  choices?: StepChoice[];
};

export type StepsVersion = { id: string; number: number; steps: Step[]; created_at: string };

/** A template in force, with its newest steps. */
export type Template = Named & {
  id: string;
  kind_id: string | null;
  customer_class: string | null;
  industry: string | null;
  version: StepsVersion;
};

/** How well a template fits: the more it asks for and finds, the better; undefined when something doesn't fit. */
function scoreOf(
  template: Template,
  kind_id: string,
  customer: Row | undefined,
): number | undefined {
  let score = 0;
  const asks: [number, string | null, unknown][] = [
    [4, template.kind_id, kind_id],
    [2, template.customer_class, customer?.class],
  ];
  for (const [weight, wanted, found] of asks) {
    if (!wanted) continue;
    if (wanted !== found) return undefined;
    score += weight;
  }
  if (!template.industry) return score;
  // An industry fits its divisions too.
  const isOfIt = String(customer?.industry ?? "").startsWith(template.industry);
  return isOfIt ? score + 1 : undefined;
}

/** The best of those that fit; of two that fit alike the newer, which comes first. */
export function bestOf(
  templates: Template[],
  kind_id: string,
  customer: Row | undefined,
): Template | undefined {
  let best: { score: number; template: Template } | undefined;
  for (const template of templates) {
    const score = scoreOf(template, kind_id, customer);
    if (score !== undefined && (!best || score > best.score)) best = { score, template };
  }
  return best?.template;
}

const useTemplates = (): Template[] =>
  useQuery({
    queryKey: ["list", "visit_templates", "current"],
    queryFn: ({ signal }) =>
      api.get<{ rows: Template[] }>("/visit_templates/current", undefined, signal),
    staleTime: 300_000,
  }).data?.rows ?? none;

const none: Template[] = [];

/** The steps of this version where it is in force still, else those now in force: codes stay the same. */
export function useStepsOf(version_id: unknown): Step[] {
  const templates = useTemplates();
  const exact = templates.find(({ version }) => version.id === version_id);
  return (exact ? [exact] : templates).flatMap(({ version }) => version.steps);
}

/** The template that a visit of this kind is done by. Chosen on the device, so that it is there without a network. */
export function useTemplate(
  kind_id: string | undefined,
  customer_id: string | null,
): Template | undefined {
  const templates = useTemplates();
  const customer = useRecord("customers", customer_id ?? undefined);
  if (!kind_id || templates.length === 0) return undefined;
  return bestOf(templates, kind_id, customer.data);
}

/** What an English reader gets where there is English, the Chinese otherwise. */
export const nameOf = (named: Named, language: string) =>
  (language === "en" ? named.name_en : undefined) || named.name;

export const guidanceOf = (step: Step, language: string) =>
  (language === "en" ? step.guidance_en : undefined) || step.guidance;

export function isAnswered(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  if (Array.isArray(value)) return value.length > 0;
  return true;
}

/** How far the steps are done: those that must be, or all of them when none must. */
export function progressOf(steps: Step[], answers: Record<string, unknown>) {
  const required = steps.filter((step) => step.is_required);
  const counted = required.length > 0 ? required : steps;
  return {
    done: counted.filter((step) => isAnswered(answers[step.code])).length,
    of: counted.length,
  };
}
