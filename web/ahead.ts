import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const name = "ahead";
const source = fileURLToPath(new URL("src/ahead.ts", import.meta.url));

/** Builds `src/ahead.ts` as a script of its own, which the page runs before the others have arrived. */
export function ahead(): Plugin {
  return {
    name,
    apply: "build",
    buildStart() {
      this.emitFile({ type: "chunk", id: source, name });
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {} }) {
        const chunk = Object.values(bundle).find(
          (entry) => entry.type === "chunk" && entry.isEntry && entry.name === name,
        );
        if (chunk?.type !== "chunk") throw new Error("nothing was built from src/ahead.ts");
        const attrs = { crossorigin: true };
        return [
          {
            tag: "script",
            // Without waiting for the style sheets.
            attrs: { type: "module", async: true, ...attrs, src: `/${chunk.fileName}` },
            injectTo: "head-prepend",
          },
          ...chunk.imports.map((file) => ({
            tag: "link",
            attrs: { rel: "modulepreload", ...attrs, href: `/${file}` },
            injectTo: "head-prepend" as const,
          })),
        ];
      },
    },
  };
}
