import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const languages = ["zh-CN", "en"] as const;

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix: string, into: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix.endsWith(":") ? prefix + key : `${prefix}.${key}`;
    if (typeof value === "string") into.set(path, value);
    else flatten(value, path, into);
  }
  return into;
}

/** All texts of a language under `namespace:path`. */
function textsOf(language: string): Map<string, string> {
  const folder = join(root, "../locales", language);
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const tree = JSON.parse(readFileSync(join(folder, file), "utf8")) as Tree;
    flatten(tree, `${file.replace(".json", "")}:`, texts);
  }
  return texts;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    const isCode = /\.tsx?$/.test(entry.name) && !/\.test\.|\.d\.ts$/.test(entry.name);
    return isCode ? [readFileSync(path, "utf8")] : [];
  });
}

const zh = textsOf("zh-CN");
const en = textsOf("en");
const namespaces = new Set([...zh.keys()].map((key) => key.split(":")[0] ?? ""));
const code = sources(join(root, "src"));

/** Keys that the code names, whole or, where a part is filled in at run time, as a pattern. */
const named = new Set<string>();
const patterns: RegExp[] = [];
for (const text of code) {
  for (const [, quoted = ""] of text.matchAll(
    /["'`]((?:[a-z_]+|\$\{[^}]+\}):[\w.${}[\]?() |"'-]+?)["'`]/g,
  )) {
    const [namespace = ""] = quoted.split(":");
    if (quoted.includes("${")) {
      const escaped = quoted
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
      // A namespace filled in at run time is that of a resource.
      patterns.push(
        new RegExp(
          `^(?!${quoted.startsWith("$") ? "app:|sign_in:" : "$"})${escaped.join("[\\w<>-]+")}$`,
        ),
      );
    } else if (namespaces.has(namespace)) {
      named.add(quoted);
    }
  }
}

/**
 * Texts that are looked up by what the server says: names of fields, choices, views and problems; and those that
 * only the server itself reads, for exports, mails and notifications.
 */
const lookedUp = [
  /^\w+:(fields|choices)\./,
  /^(?!app:)\w+:(views|groups|related)\./,
  /^(problems|ledger):/,
  /^(exports|mails|notifications|imports)\b.*/,
  /^calendar:(holidays|mail)\./,
  /^dashboard:(ready|columns)\./,
];

describe("translations", () => {
  test("every text exists in both languages", () => {
    expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([]);
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([]);
  });

  test("both languages fill in the same values", () => {
    const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join();
    const differing = [...zh].filter(([key, text]) => {
      const other = holes(en.get(key) ?? "");
      const own = holes(text);
      return own !== other;
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test("what is filled in stands between two braces", () => {
    // But for the signs of a pattern of numbers, and of a template of a column, which people write so.
    const halves = /(?<!\{)\{(?!(yyyy|yy|mm|nnnn|column)\})\w+\}(?!\})/;
    const halved = [...zh, ...en].filter(([, text]) => halves.test(text));
    expect(halved).toEqual([]);
  });

  test("every key that the code names has a text", () => {
    const missing = [...named].filter(
      (key) => !zh.has(key) && ![...zh.keys()].some((known) => known.startsWith(`${key}.`)),
    );
    expect(missing).toEqual([]);
  });

  test("every text is used", () => {
    const unused = [...zh.keys()].filter(
      (key) =>
        !named.has(key) &&
        !lookedUp.some((pattern) => pattern.test(key)) &&
        !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });

  test.each(languages)("no text is empty in %s", (language) => {
    const texts = language === "en" ? en : zh;
    expect([...texts].filter(([, text]) => !text.trim()).map(([key]) => key)).toEqual([]);
  });
});
