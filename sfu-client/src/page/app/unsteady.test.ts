import { beforeEach, describe, expect, it } from "vitest";
import { Room } from "../../sdk/index.js";
import { FakePlatform, settle } from "../../sdk/testing/fake-platform.js";
import { FakeServer } from "../../sdk/testing/fake-server.js";
import { UnsteadyPlatform } from "./unsteady.js";

describe("A socket that is made to fail", () => {
  let inner: FakePlatform;
  let unsteady: UnsteadyPlatform;
  let room: Room;

  beforeEach(async () => {
    inner = new FakePlatform();
    new FakeServer(inner);
    unsteady = new UnsteadyPlatform(inner);
    room = new Room({
      url: "ws://server/v1/signal",
      room: "blue",
      displayName: "Ann",
      platform: unsteady.platform,
    });
    await room.join();
  });

  it("shouldBeReplacedAtOnceAndResume", async () => {
    unsteady.dropSocket();
    expect(room.state).toBe("reconnecting");
    expect(inner.sockets[0]?.closedWith).toBeDefined();
    await inner.clock.advance(0);
    expect(room.state).toBe("joined");
    expect(room.diagnostics()).toMatchObject({ connectionsCreated: 2, peerConnectionsCreated: 1, rejoins: 0 });
  });

  it("shouldNotBeReplacedBeforeItsTime", async () => {
    unsteady.dropSocket(3000);
    await inner.clock.advance(2999);
    expect(room.state).toBe("reconnecting");
    expect(inner.sockets).toHaveLength(1);
    await inner.clock.advance(5000);
    expect(room.state).toBe("joined");
    expect(inner.sockets).toHaveLength(2);
  });

  it("shouldNotBeHeardOfAfterItFailed", async () => {
    unsteady.dropSocket();
    await inner.clock.advance(0);
    inner.sockets[0]?.listener.closed(4012, "late");
    await settle();
    expect(room.state).toBe("joined");
  });
});
