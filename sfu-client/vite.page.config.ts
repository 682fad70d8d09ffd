import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const page = (name: string) => fileURLToPath(new URL(`src/page/${name}.html`, import.meta.url));

export default defineConfig({
  root: "src/page",
  base: "./",
  publicDir: false,
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2022",
    rollupOptions: { input: { index: page("index"), diagnostics: page("diagnostics"), test: page("test") } },
  },
  server: { proxy: { "/v1": { target: "http://127.0.0.1:8080", ws: true } } },
});
