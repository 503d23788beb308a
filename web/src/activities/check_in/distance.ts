/** A distance in metres as people say it: `120 m`, `1.2 km`. */
export function sayDistance(metres: number, language: string): string {
  const isFar = metres >= 1000;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: isFar ? "kilometer" : "meter",
    unitDisplay: "short",
    maximumFractionDigits: isFar && metres < 100_000 ? 1 : 0,
  }).format(isFar ? metres / 1000 : metres);
}
