export type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "info";

/** Colours with meaning, for states only. What isn't named here is plain text. */
const tones: Record<string, Record<string, Tone>> = {
  level: { A: "accent", B: "neutral", C: "neutral", D: "neutral" },
  funnel_level: {
    prospect: "neutral",
    target: "neutral",
    engaged: "info",
    intention: "accent",
    won: "success",
    retained: "success",
    dormant: "neutral",
    at_risk: "warning",
    lost: "danger",
  },
  state: {
    planned: "neutral",
    moved: "warning",
    done: "success",
    cancelled: "neutral",
    active: "success",
    discontinued: "neutral",
    draft: "neutral",
    running: "info",
    completed: "success",
    terminated: "danger",
    open: "info",
    settled: "success",
    requested: "warning",
    issued: "info",
    delivered: "success",
    voided: "neutral",
  },
  outcome: {
    open: "info",
    won: "success",
    lost: "danger",
    effective: "success",
    not_effective: "neutral",
  },
};

export function toneOf(field: string, code: string): Tone | undefined {
  return tones[field]?.[code];
}
