import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { serviceWorker } from "./worker/plugin.ts";

const server = process.env.CHENGDAN_SERVER ?? "http://127.0.0.1:8080";
const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  plugins: [react(), serviceWorker()],
  resolve: { alias: { "@": `${here}src`, "@locales": `${here}../locales` } },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".."] },
    proxy: { "/api": { target: server, changeOrigin: false } },
  },
  build: {
    outDir: "dist",
    // Which chunk needs which: the size of the first load is told from it.
    manifest: true,
    target: "es2022",
    // Inlined data: URLs would need wider rules in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|react-router)\// },
          ],
        },
      },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], css: false },
});
