/** What a list of the past is narrowed to; nothing is an empty text. */
export interface Filter {
  readonly room: string;
  readonly identity: string;
  /** As the browser's field for date and time writes them: local, without a zone. */
  readonly since: string;
  readonly until: string;
}

export const NO_FILTER: Filter = { room: "", identity: "", since: "", until: "" };

export const HISTORY_LISTS = ["visits", "rooms", "events", "audit", "queue", "reports"] as const;
export type HistoryList = (typeof HISTORY_LISTS)[number];

/** What another list is narrowed to: the operators of one are not the people of the others. */
export function carriedOver(filter: Filter, from: HistoryList, to: HistoryList): Filter {
  return (from === "audit") === (to === "audit") ? filter : { ...filter, identity: "" };
}

/** What is shown; each has an address behind the `#`. */
export type Route =
  | { readonly page: "server" }
  | { readonly page: "rooms"; readonly search: string }
  | { readonly page: "room"; readonly room: string }
  | { readonly page: "participant"; readonly room: string; readonly participant: string }
  | { readonly page: "history"; readonly list: HistoryList; readonly filter: Filter }
  | { readonly page: "visit"; readonly visit: string }
  | { readonly page: "report"; readonly report: string }
  | { readonly page: "nowhere" };

/** @param hash of the address, with or without its `#` */
export function routeOf(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const words = new URLSearchParams(query);
  const parts = path.split("/").filter((part) => part !== "");
  const names = parts.map(decoded);
  const [first, second = "", third, fourth = ""] = names;
  if (names.includes(undefined)) return { page: "nowhere" };
  switch (`${first ?? ""}/${parts.length}`) {
    case "/0":
      return { page: "server" };
    case "rooms/1":
      return { page: "rooms", search: words.get("search") ?? "" };
    case "rooms/2":
      return { page: "room", room: second };
    case "rooms/4":
      return third === "participants"
        ? { page: "participant", room: second, participant: fourth }
        : { page: "nowhere" };
    case "history/1":
    case "history/2":
      return pastOf(parts.length === 1 ? "visits" : second, words);
    case "history/3":
      if (second === "visits") return { page: "visit", visit: third ?? "" };
      return second === "reports" ? { page: "report", report: third ?? "" } : { page: "nowhere" };
    default:
      return { page: "nowhere" };
  }
}

export function addressOf(route: Route): string {
  switch (route.page) {
    case "server":
      return "#/";
    case "rooms":
      return `#/rooms${queryOf({ search: route.search })}`;
    case "room":
      return `#/rooms/${encodeURIComponent(route.room)}`;
    case "participant":
      return `#/rooms/${encodeURIComponent(route.room)}/participants/${encodeURIComponent(route.participant)}`;
    case "history":
      return `#/history/${route.list}${queryOf({ ...route.filter })}`;
    case "visit":
      return `#/history/visits/${encodeURIComponent(route.visit)}`;
    case "report":
      return `#/history/reports/${encodeURIComponent(route.report)}`;
    case "nowhere":
      return "#/nowhere";
  }
}

function pastOf(list: string, words: URLSearchParams): Route {
  const known = HISTORY_LISTS.find((name) => name === list);
  if (!known) return { page: "nowhere" };
  const word = (name: keyof Filter) => words.get(name) ?? "";
  const filter = { room: word("room"), identity: word("identity"), since: word("since"), until: word("until") };
  return { page: "history", list: known, filter };
}

function queryOf(words: Readonly<Record<string, string>>): string {
  const given = Object.entries(words).filter(([, value]) => value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
