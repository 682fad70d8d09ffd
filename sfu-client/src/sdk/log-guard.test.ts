import { describe, expect, it } from "vitest";
import { ConnectionCheck } from "./connection-check.js";
import { atLeast, type LogLevel } from "./log.js";
import { LogGuard } from "./log-guard.js";
import { FakeSurroundings } from "./testing/fake-surroundings.js";
import { FakePlatform } from "./testing/fake-platform.js";
import { FakeServer } from "./testing/fake-server.js";
import { Visit } from "./testing/visit.js";

const TOKEN = "hand-made-token";
const NEWER_TOKEN = "newer-hand-made-token";
const TURN_PASSWORD = "turn-password";
const PASSWORD = "room-password";
const ICE_PASSWORD = "p".repeat(22);
const SECRETS = [TOKEN, NEWER_TOKEN, TURN_PASSWORD, PASSWORD, ICE_PASSWORD, "secret-se_1"];
const TURN: RTCIceServer[] = [{ urls: "turn:192.0.2.1:3478", username: "1763:ann", credential: TURN_PASSWORD }];

describe("The log", () => {
  it("shouldHoldNoSecretWhateverGoesWrong", async () => {
    let lines = "";
    const visit = new Visit(
      {},
      {
        ...{ token: TOKEN, password: PASSWORD, url: "ws://server/v1/signal?token=query-token" },
        log: (level, event, fields) => (lines += `${level} ${event} ${JSON.stringify(fields)}\n`),
      },
    );
    const { server, room, platform } = visit;
    server.iceServers = TURN;
    await visit.joined();
    server.emit("token.refresh", { token: NEWER_TOKEN });
    server.emit("ice.servers", { iceServers: [{ ...TURN[0], urls: "turn:192.0.2.2:3478" }] });
    // A server that repeats what it was told, and a browser that quotes the SDP.
    const message = `got ${SECRETS.join(" ")}, a=ice-pwd:another-ice-password, eyJhbGciOi.eyJzdWIi.c2ln`;
    for (const type of ["view", "ice.restart", "mod.lock", "join"]) {
      server.refuse.set(type, { code: "internal", message, retryable: true });
    }
    room.view({ layout: "grid", video: [], defaultHeight: 0, maxVideo: 1, audio: "auto" }, { atOnce: true });
    room.restartIce();
    await platform.clock.advance(20_000);
    server.forgetSession();
    server.drop(1012);
    await platform.clock.advance(20_000);
    server.refuse.set("hello", { code: "token_expired", message });
    server.drop(4004);
    await platform.clock.advance(60_000);
    expect(room.state).toBe("left");
    for (const event of ["view.failed", "ice_restart", "room.not_entered", "signal.closed"])
      expect(lines).toContain(event);
    for (const secret of [...SECRETS, "query-token", "another-ice-password", "eyJ"])
      expect(lines).not.toContain(secret);
  });

  it("shouldHoldNoSecretOfACheck", async () => {
    let lines = "";
    const platform = new FakePlatform();
    const server = new FakeServer(platform);
    server.iceServers = TURN;
    server.refuse.set("join", { code: "internal", message: SECRETS.join(" ") });
    const check = new ConnectionCheck({
      ...{ url: "wss://server/v1/signal", token: TOKEN, platform, surroundings: new FakeSurroundings() },
      log: (level, event, fields) => (lines += `${level} ${event} ${JSON.stringify(fields)}\n`),
    });
    const running = check.run();
    await platform.clock.advance(100_000);
    await running;
    expect(lines).toContain("signal.open");
    for (const secret of [TOKEN, TURN_PASSWORD]) expect(lines).not.toContain(secret);
  });

  it("shouldLeaveWordsAlone", () => {
    const seen: unknown[] = [];
    const guard = new LogGuard((_, __, fields) => seen.push(fields));
    guard.hide("ab");
    guard.hide(undefined);
    guard.log("info", "e", { a: "about", n: 3, none: undefined });
    expect(seen).toEqual([{ a: "about", n: 3, none: undefined }]);
  });

  it("shouldPassOnTheLevelsThatAreWanted", () => {
    const seen: LogLevel[] = [];
    const log = atLeast("warn", (level) => seen.push(level));
    for (const level of ["debug", "info", "warn", "error"] as const) log(level, "e", {});
    expect(seen).toEqual(["warn", "error"]);
  });
});
