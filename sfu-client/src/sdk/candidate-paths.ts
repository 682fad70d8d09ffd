/** Ways to the server that can be tried one by one. */
export type RelayTransport = "udp" | "tcp" | "tls";

/** The answer with the server's candidates of one protocol only (RFC 8839, section 5.1; RFC 6544, section 4.5). */
export function onlyCandidates(answer: string, protocol: "udp" | "tcp"): string {
  return answer
    .split("\r\n")
    .filter((line) => !line.startsWith("a=candidate:") || line.split(" ")[2]?.toLowerCase() === protocol)
    .join("\r\n");
}

/** Whether any relay is named. */
export function hasRelays(servers: readonly RTCIceServer[]): boolean {
  return servers.flatMap(({ urls }) => urls).some((url) => transportOf(url) !== undefined);
}

export function hasCandidates(answer: string): boolean {
  return /^a=candidate:/m.test(answer);
}

/** The relays that are reached in this way, with their credentials (RFC 7065). */
export function relaysBy(transport: RelayTransport, servers: readonly RTCIceServer[]): RTCIceServer[] {
  return servers.flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => transportOf(url) === transport);
    return urls.length === 0 ? [] : [{ ...server, urls }];
  });
}

function transportOf(url: string): RelayTransport | undefined {
  if (url.startsWith("turns:")) return "tls";
  if (!url.startsWith("turn:")) return undefined;
  return /[?&]transport=tcp\b/i.test(url) ? "tcp" : "udp";
}
