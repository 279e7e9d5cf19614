import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OUT = join(import.meta.dirname, "..", "rskg", "endpoint", "static");
/** What is smaller fits into one packet of the network anyway, in bytes. */
const SMALLEST = 1000;

/** Lay each file packed beside itself, so that the server only hands it out. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync(OUT)) {
        if (!/\.(js|css|json|svg)$/.test(name)) continue;
        const plain = readFileSync(join(OUT, name));
        if (plain.length < SMALLEST) continue;
        const options = {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 9,
            [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
          },
        };
        writeFileSync(join(OUT, `${name}.br`), brotliCompressSync(plain, options));
        writeFileSync(join(OUT, `${name}.gz`), gzipSync(plain, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/assets/",
  publicDir: false,
  plugins: [packed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // The editor holds a dead eval, which the CSP forbids.
      checks: { eval: false, pluginTimings: false },
      input: { page: "src/page.ts", ask: "src/ask/main.ts", check: "src/check/main.ts" },
    },
  },
});
