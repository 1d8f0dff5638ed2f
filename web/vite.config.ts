import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Small files as data: URLs would break the strict content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries change seldom: chunks of their own stay in the browser's cache.
          groups: [
            { name: "vue", test: /node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//, priority: 3 },
            { name: "maplibre", test: /node_modules\/maplibre-gl\//, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/api": "http://127.0.0.1:8420" },
  },
});
