import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Compressed once here instead of at every request. */
function smaller(): Plugin {
  return {
    name: "smaller",
    apply: "build",
    closeBundle() {
      const folder = fileURLToPath(new URL("./dist/assets/", import.meta.url));
      for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const body = readFileSync(folder + name);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(`${folder}${name}.br`, brotliCompressSync(body, { params }));
        writeFileSync(`${folder}${name}.gz`, gzipSync(body, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [vue(), smaller()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Small files as data: URLs would break the strict content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    // Which file needs which: bench/bundle.py adds them up by screen.
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries change seldom: chunks of their own stay in the browser's cache.
          groups: [
            { name: "vue", test: /node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//, priority: 3 },
            { name: "maplibre", test: /node_modules\/(maplibre-gl|pmtiles|fflate)\//, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/api": "http://127.0.0.1:8420" },
  },
});
