import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { ahead } from "./ahead.ts";
import { serviceWorker } from "./worker/plugin.ts";

const server = process.env.CHENGDAN_SERVER ?? "http://127.0.0.1:8080";
const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  plugins: [react(), ahead(), serviceWorker()],
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
            // Few larger pieces instead of a hundred small ones: each costs a phone some milliseconds. A group takes along
            // what its modules need and no group before it has.
            // What runs before the rest has arrived: it may need nothing else.
            {
              name: "early",
              priority: 6,
              test: /preload-helper|src\/(api\/ahead|app\/words\/index|shared\/ui\/preference)\.ts$/,
            },
            {
              name: "react",
              priority: 5,
              test: /node_modules\/(react|react-dom|scheduler|react-router)\//,
            },
            { name: "icons", priority: 4, test: /node_modules\/@ant-design\/icons/ },
            // What the pages before sign-in need as well.
            {
              name: "core",
              priority: 3,
              test: /node_modules\/(@tanstack|i18next|react-i18next)\/|src\/(api\/(?!ahead)|app\/(i18n|theme\/scheme|shell\/Logo)|shared\/(features|format\/|resource\/pages|ui\/(problems|piece|themed|usePreference|PlainButton|Bar|Empty|ErrorNotice|useTitle|useMedia|ui\.module)))/,
            },
            {
              name: "antd",
              priority: 2,
              test: /node_modules\/antd\/es\/(app|button|config-provider|locale\/(en_US|zh_CN))\//,
            },
            {
              name: "day",
              priority: 1,
              test: /src\/(app\/shell\/Shell|today\/TodayPage|activities\/ActivityLine)\.tsx$/,
            },
          ],
        },
      },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], css: false },
});
