import { defineConfig } from "vitest/config";

/** Against a live server, at PARLEY_ADMIN: ContractTourTest of sfu-server starts one and runs this. */
export default defineConfig({
  test: {
    include: ["src/admin/contract.tour.ts"],
    environment: "node",
    provide: { admin: process.env["PARLEY_ADMIN"] ?? "http://127.0.0.1:8081" },
  },
});
