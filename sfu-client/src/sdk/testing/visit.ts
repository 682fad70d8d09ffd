import { Room } from "../room.js";
import type { RoomOptions } from "../room-options.js";
import type { RoomEvents } from "../room-events.js";
import type { FakePeerConnection } from "./fake-peer-connection.js";
import { FakePlatform } from "./fake-platform.js";
import { FakeServer } from "./fake-server.js";

type Words = { [K in keyof RoomEvents]?: (payload: RoomEvents[K]) => string };

/** A Room with its faked surroundings, and what it told in words of the test's own. */
export class Visit {
  readonly platform = new FakePlatform();
  readonly server = new FakeServer(this.platform);
  seen: string[] = [];
  room: Room;

  constructor(
    readonly words: Words = {},
    readonly options: Partial<RoomOptions> = {},
  ) {
    this.room = this.newRoom();
  }

  /** Another one on the same server, as after a reload. */
  newRoom(options: Partial<RoomOptions> = {}): Room {
    const { platform } = this;
    const room = new Room({
      url: "ws://server/v1/signal",
      room: "blue",
      displayName: "Ann",
      platform,
      ...this.options,
      ...options,
    });
    for (const type of Object.keys(this.words) as (keyof RoomEvents)[]) {
      const words = this.words[type] as ((payload: unknown) => string) | undefined;
      if (words) room.on(type, (payload) => this.seen.push(words(payload)));
    }
    return room;
  }

  connection(index = 0): FakePeerConnection {
    const found = this.platform.peerConnections[index];
    if (!found) throw new Error(`no peer connection ${index}`);
    return found;
  }

  async joined(): Promise<void> {
    await this.room.join();
    this.connection().become("connected");
    this.seen = [];
  }

  /** The types of the requests since the last call, without those that come by the clock. */
  requests(): string[] {
    const types = this.server.requests.splice(0).map(({ type }) => type);
    return types.filter((type) => type !== "ping" && type !== "stats");
  }
}
