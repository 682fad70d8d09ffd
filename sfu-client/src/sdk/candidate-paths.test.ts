import { describe, expect, it } from "vitest";
import { hasCandidates, hasRelays, onlyCandidates, relaysBy } from "./candidate-paths.js";

const UDP = "a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host";
const TCP = "a=candidate:2 1 TCP 1671430143 192.0.2.1 10000 typ host tcptype passive";
const answer = ["v=0", "m=video 9 UDP/TLS/RTP/SAVPF 96", UDP, TCP, "a=end-of-candidates", ""].join("\r\n");

describe("candidates", () => {
  it("shouldKeepOneProtocolAndAllOtherLines", () => {
    expect(onlyCandidates(answer, "udp")).toBe(answer.replace(`${TCP}\r\n`, ""));
    expect(onlyCandidates(answer, "tcp")).toBe(answer.replace(`${UDP}\r\n`, ""));
  });

  it("shouldSayWhetherAnyIsLeft", () => {
    expect(hasCandidates(onlyCandidates(answer, "tcp"))).toBe(true);
    expect(hasCandidates(onlyCandidates(answer.replace(TCP, ""), "tcp"))).toBe(false);
  });
});

describe("relays", () => {
  const secret = { username: "1:se_1", credential: "secret" };
  const servers: RTCIceServer[] = [
    { urls: "stun:relay.example" },
    { urls: ["turn:relay.example:3478", "turn:relay.example?transport=tcp", "turns:relay.example"], ...secret },
  ];

  it.each([
    ["udp", ["turn:relay.example:3478"]],
    ["tcp", ["turn:relay.example?transport=tcp"]],
    ["tls", ["turns:relay.example"]],
  ] as const)("shouldFindThoseReachedBy %s", (transport, urls) => {
    expect(relaysBy(transport, servers)).toEqual([{ urls, ...secret }]);
  });

  it("shouldNotTakeStunForARelay", () => {
    expect(relaysBy("udp", servers.slice(0, 1))).toEqual([]);
    expect(hasRelays(servers.slice(0, 1))).toBe(false);
    expect(hasRelays(servers)).toBe(true);
  });
});
