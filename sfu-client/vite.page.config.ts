import { defineConfig } from "vite";

export default defineConfig({
  root: "src/page",
  base: "./",
  publicDir: false,
  build: { outDir: "../../dist/web", emptyOutDir: true, target: "es2022" },
  server: { proxy: { "/v1": { target: "http://127.0.0.1:8080", ws: true } } },
});
