import { describe, expect, it } from "vitest";
import { credentialsOf, withCredentials } from "./ice-credentials.js";

const answer = [
  "v=0",
  "a=ice-lite",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldoldoldoldoldoldoldold",
  "a=candidate:1 1 udp 2130706431 192.0.2.1 7000 typ host",
  "a=candidate:2 1 tcp 1518280447 192.0.2.1 7000 typ host tcptype passive",
  "a=end-of-candidates",
  "a=mid:0",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=ice-ufrag:old",
  "a=ice-pwd:oldoldoldoldoldoldoldold",
  "a=mid:1",
  "",
].join("\r\n");

describe("ICE credentials", () => {
  it("shouldBeReadFromTheFirstSection", () => {
    expect(credentialsOf(answer)).toEqual({ ufrag: "old", pwd: "oldoldoldoldoldoldoldold" });
    expect(credentialsOf("v=0\r\na=ice-ufrag:x\r\n")).toBeUndefined();
  });

  it.each(["3 1 udp 9 198.51.100.7 7001 typ host", "a=candidate:3 1 udp 9 198.51.100.7 7001 typ host"])(
    "shouldBePatchedInEachSectionAndNothingElse: %s",
    (candidate) => {
      const patched = withCredentials(answer, { ufrag: "new", pwd: "n".repeat(24) }, [candidate]);
      expect(patched.split("\r\n")).toEqual([
        "v=0",
        "a=ice-lite",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=ice-ufrag:new",
        `a=ice-pwd:${"n".repeat(24)}`,
        "a=candidate:3 1 udp 9 198.51.100.7 7001 typ host",
        "a=end-of-candidates",
        "a=mid:0",
        "m=video 9 UDP/TLS/RTP/SAVPF 96",
        "a=ice-ufrag:new",
        `a=ice-pwd:${"n".repeat(24)}`,
        "a=mid:1",
        "",
      ]);
    },
  );

  it("shouldLeaveTheCandidatesWhenThereAreNoNewOnes", () => {
    const patched = withCredentials(answer, { ufrag: "new", pwd: "n".repeat(24) }, []);
    expect(patched.match(/a=candidate:/g)).toHaveLength(2);
  });
});
