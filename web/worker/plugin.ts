import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Plugin, transformWithOxc } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Writes `sw.js`: the worker with the names of all files that were built. */
export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        // The page is kept under the address that people open; the rest is for the build alone.
        const isOther = (name: string) => name === "index.html" || /^\.|\.map$/.test(name);
        const built = Object.keys(bundle).filter((name) => !isOther(name));
        const files = [
          "/",
          ...[...built, ...readdirSync(`${here}../public`)].map((name) => `/${name}`),
        ];
        const source = await transformWithOxc(
          readFileSync(`${here}worker.ts`, "utf8"),
          "worker.ts",
        );
        const print = createHash("sha256").update(source.code).update(files.sort().join());
        const html = bundle["index.html"];
        if (html?.type === "asset") print.update(html.source);
        for (const name of readdirSync(`${here}../public`)) {
          print.update(readFileSync(`${here}../public/${name}`));
        }
        const head = `const shellFiles = ${JSON.stringify(files)};\nconst shellBuild = "${print.digest("hex").slice(0, 12)}";\n`;
        this.emitFile({ type: "asset", fileName: "sw.js", source: head + source.code });
      },
    },
  };
}
