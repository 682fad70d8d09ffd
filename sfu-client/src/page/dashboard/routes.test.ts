import { describe, expect, it } from "vitest";
import { addressOf, carriedOver, NO_FILTER, routeOf, type Route } from "./routes.js";

const ROUTES: readonly Route[] = [
  { page: "server" },
  { page: "rooms", search: "" },
  { page: "rooms", search: "a&b #1" },
  { page: "room", room: "team.stand-up_1" },
  { page: "participant", room: "blue", participant: "pa_7" },
  { page: "history", list: "visits", filter: NO_FILTER },
  { page: "history", list: "queue", filter: { room: "blue", identity: "ann/ö", since: "2026-01-02T03:04", until: "" } },
  { page: "visit", visit: "vi_1" },
  { page: "report", report: "re_1" },
];

describe("An address", () => {
  it.each(ROUTES)("shouldLeadBackToWhatItStandsFor: %j", (route) => {
    expect(routeOf(addressOf(route))).toEqual(route);
  });

  it.each([
    ["", { page: "server" }],
    ["#", { page: "server" }],
    ["#/history", { page: "history", list: "visits", filter: NO_FILTER }],
    ["#/rooms/blue/", { page: "room", room: "blue" }],
  ])("shouldBeReadAsItIsWritten: %s", (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });

  it.each(["#/elsewhere", "#/rooms/a/b", "#/rooms/a/people/b", "#/history/of/all", "#/rooms/%E0%A4%A", "#/history/x"])(
    "shouldLeadNowhere: %s",
    (hash) => {
      expect(routeOf(hash)).toEqual({ page: "nowhere" });
    },
  );
});

it.each([
  ["visits", "queue", "ann"],
  ["visits", "audit", ""],
  ["reports", "audit", ""],
  ["audit", "events", ""],
  ["audit", "audit", "ann"],
] as const)("shouldNotTakeAPersonForAnOperator: from %s to %s", (from, to, identity) => {
  const filter = { ...NO_FILTER, room: "blue", identity: "ann" };
  expect(carriedOver(filter, from, to)).toEqual({ ...filter, identity });
});
