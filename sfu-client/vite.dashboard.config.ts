import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The operator's pages: apart from the others, as another port serves them. */
export default defineConfig({
  root: "src/page/dashboard",
  base: "./",
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("dist/dashboard", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
  },
  server: { proxy: { "/v1": "http://127.0.0.1:8081", "/metrics": "http://127.0.0.1:8081" } },
});
