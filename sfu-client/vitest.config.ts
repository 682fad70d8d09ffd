import { defineConfig } from "vitest/config";

/** The report lies where those of Maven's test plugins do, for ./sfu test to add up. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    reporters: ["default", "junit"],
    outputFile: { junit: "target/surefire-reports/TEST-vitest.xml" },
  },
});
