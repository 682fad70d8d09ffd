import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist/sdk",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: true,
    lib: {
      entry: "src/sdk/index.ts",
      name: "Parley",
      formats: ["es", "iife"],
      fileName: (format) => (format === "es" ? "parley.js" : "parley.iife.js"),
    },
  },
});
