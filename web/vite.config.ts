import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { world } from "./world.ts";

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

/** The shapes of countries: `world.json` for the server's pages, the finer ones as `virtual:world`. */
function countries(): Plugin {
  const name = "virtual:world";
  return {
    name: "countries",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(world("50m"))}` : null),
    writeBundle() {
      writeFileSync(join(OUT, "world.json"), JSON.stringify(world("110m")));
    },
  };
}

export default defineConfig({
  base: "/assets/",
  publicDir: false,
  plugins: [countries(), packed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      // The editor holds a dead eval, which the CSP forbids.
      checks: { eval: false, pluginTimings: false },
      input: {
        page: "src/page.ts",
        ask: "src/ask/main.ts",
        check: "src/check/main.ts",
        map: "src/map/main.ts",
        fill: "src/fill/main.ts",
      },
    },
  },
});
