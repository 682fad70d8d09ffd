import { defineConfig, type UserConfig } from "vite";

/** By mode: `check` is built after the SDK, beside it. */
export default defineConfig(({ mode }): UserConfig => {
  const check = mode === "check";
  return {
    publicDir: false,
    build: {
      outDir: "dist/sdk",
      emptyOutDir: !check,
      target: "es2022",
      sourcemap: true,
      lib: check
        ? { entry: "src/sdk/check.ts", formats: ["es"], fileName: () => "check.js" }
        : {
            entry: "src/sdk/index.ts",
            name: "Parley",
            formats: ["es", "iife"],
            fileName: (format) => (format === "es" ? "parley.js" : "parley.iife.js"),
          },
    },
  };
});
