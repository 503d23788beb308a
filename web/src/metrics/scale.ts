/** Digits that survive the way there and back: a share of 12.5 % is stored as 0.125, not as 0.12500000000000003. */
const digits = 12;

const rounded = (value: number) => Number(value.toPrecision(digits));

/** Between a threshold as people write it (per cent, whole currency) and as figures count (a share, minor units). */
export function scaleOf(unit: string) {
  const factor = { ratio: 0.01, money: 100 }[unit] ?? 1;
  return {
    store: (shown: number) => rounded(shown * factor),
    show: (stored: number) => rounded(stored / factor),
  };
}
