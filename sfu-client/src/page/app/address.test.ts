import { expect, it } from "vitest";
import { readMediaOptions } from "./address.js";

it.each([
  ["", { codec: "vp8", layers: undefined, red: false, dtx: false }],
  ["codec=vp9&red=1&dtx=1", { codec: "vp9", layers: undefined, red: true, dtx: true }],
  ["codec=av1&layers=L3T3", { codec: "av1", layers: "L3T3", red: false, dtx: false }],
  ["codec=vp9&layers=simulcast", { codec: "vp9", layers: "simulcast", red: false, dtx: false }],
  ["layers=L1T3", { codec: "vp8", layers: "L1T3", red: false, dtx: false }],
  ["layers=L3T3_KEY", { codec: "vp8", layers: undefined, red: false, dtx: false }],
  ["codec=theora&layers=L9T9", { codec: "vp8", layers: undefined, red: false, dtx: false }],
])("shouldRead '%s'", (query, expected) => {
  expect(readMediaOptions(new URLSearchParams(query))).toEqual(expected);
});
