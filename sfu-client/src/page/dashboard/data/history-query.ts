import type { Filter } from "../routes.js";
import type { HistoryQuery } from "./operator-api.js";

/** What the interface is asked for: times of the browser's field as moments. */
export function historyQuery({ room, identity, since, until }: Filter): HistoryQuery {
  return {
    ...given("room", room),
    ...given("identity", identity),
    ...moment("since", since),
    ...moment("until", until),
  };
}

function given(name: string, value: string): Record<string, string> {
  return value === "" ? {} : { [name]: value };
}

function moment(name: string, local: string): Record<string, string> {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? {} : { [name]: at.toISOString() };
}
