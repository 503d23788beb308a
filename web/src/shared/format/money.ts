import type { Money } from "@/api/types";

/** Minor units per unit of the currency, as a power of ten: CNY 2, JPY 0. */
export function minorDigits(currency: string): number {
  try {
    return (
      new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions()
        .maximumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
}

function currencyText(
  value: number,
  currency: string,
  language: string,
  digits: { min: number; max: number },
): string {
  try {
    return new Intl.NumberFormat(language, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: digits.min,
      maximumFractionDigits: digits.max,
    }).format(value);
  } catch {
    return `${value.toFixed(digits.max)} ${currency}`;
  }
}

/** The exact amount: `¥1,234,567.80`. */
export function exactMoney(money: Money, language: string): string {
  const digits = minorDigits(money.currency);
  const value = money.amount_minor / 10 ** digits;
  return currencyText(value, money.currency, language, { min: digits, max: digits });
}

const steps: Record<"zh" | "en", [number, string][]> = {
  zh: [
    [1e8, "亿"],
    [1e4, "万"],
  ],
  en: [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "K"],
  ],
};

/** The amount as people say it, three to four figures: `¥32万`, `¥1.2亿`, `¥860`, in English `¥1.2M`. */
export function shortMoney(money: Money, language: string): string {
  const digits = minorDigits(money.currency);
  const value = money.amount_minor / 10 ** digits;
  const scale = steps[language.startsWith("zh") ? "zh" : "en"];
  for (const [unit, name] of scale) {
    if (Math.abs(value) < unit) continue;
    const scaled = value / unit;
    const size = Math.abs(scaled);
    const max = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return `${currencyText(scaled, money.currency, language, { min: 0, max })}${name}`;
  }
  const max = Number.isInteger(value) ? 0 : digits;
  return currencyText(value, money.currency, language, { min: max, max });
}

/** What stands below a money input: `12.35万元`; nothing while the amount is small. */
export function moneyHint(money: Money, language: string): string | null {
  const value = money.amount_minor / 10 ** minorDigits(money.currency);
  if (language.startsWith("zh")) {
    if (Math.abs(value) < 1e4) return null;
    const unit = Math.abs(value) >= 1e8 ? 1e8 : 1e4;
    const text = new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value / unit);
    const currency = money.currency === "CNY" ? "元" : ` ${money.currency}`;
    return `${text} ${unit === 1e8 ? "亿" : "万"}${currency}`;
  }
  return Math.abs(value) < 1e4 ? null : exactMoney(money, language);
}

/** Signs of currencies, and what each may stand for. */
const signs: [RegExp, string[]][] = [
  [/[¥￥]/, ["CNY", "JPY"]],
  [/[$＄]/, ["USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MXN"]],
  [/€/, ["EUR"]],
  [/£/, ["GBP"]],
  [/美元|美金|USD/i, ["USD"]],
  [/港元|港币|HKD/i, ["HKD"]],
  [/欧元|EUR/i, ["EUR"]],
  [/日元|JPY/i, ["JPY"]],
];

/** Whether the text names a currency that can't be this one. */
export function namesOtherCurrency(text: string, currency: string): boolean {
  return signs.some(([sign, meant]) => sign.test(text) && !meant.includes(currency));
}

/** Reads `12.5万`, `1.2亿`, `1,234.50`, `3.4M`, `80k`; null when it isn't an amount in this currency. Answers minor units. */
export function parseAmount(text: string, currency: string): number | null {
  if (namesOtherCurrency(text, currency)) return null;
  const cleaned = text.replace(/[\s,，¥￥$＄€£]/g, "").replace(/元$/, "");
  const match = /^([-+]?\d*\.?\d+)(万|亿|千|[kKmMwWbB])?$/.exec(cleaned);
  if (!match?.[1]) return null;
  const units: Record<string, number> = {
    千: 1e3,
    万: 1e4,
    亿: 1e8,
    k: 1e3,
    w: 1e4,
    m: 1e6,
    b: 1e9,
  };
  const unit = match[2] ? (units[match[2].toLowerCase()] ?? 1) : 1;
  const minor = Math.round(Number(match[1]) * unit * 10 ** minorDigits(currency));
  return Number.isSafeInteger(minor) ? minor : null;
}
