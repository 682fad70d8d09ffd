import { useEffect, useRef, useState } from "preact/hooks";
import { EventStream, type StreamState } from "../data/event-stream.js";
import type { RoomEvent } from "../data/types.js";
import { useDesk } from "../parts/context.js";

const KEPT = 200;

/** What has happened since the page was opened, newest first. */
export interface EventFeedState {
  readonly events: readonly RoomEvent[];
  readonly stream: StreamState;
  /** The stream was away for a while. */
  readonly missed: boolean;
}

/**
 * Listens to a room's events as long as the component is there.
 *
 * @param changed something happened, or may have happened while nothing was heard
 */
export function useRoomEvents(room: string, changed: () => void): EventFeedState {
  const { session } = useDesk();
  const [feed, setFeed] = useState<EventFeedState>({ events: [], stream: "connecting", missed: false });
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    let opened = false;
    setFeed({ events: [], stream: "connecting", missed: false });
    const stream = new EventStream({
      url: `${session.baseUrl}/v1/events?room=${encodeURIComponent(room)}`,
      token: () => session.token,
      onOpen: () => {
        if (opened) setFeed((known) => ({ ...known, missed: true }));
        opened = true;
        latest.current();
      },
      onState: (state) => setFeed((known) => ({ ...known, stream: state })),
      onEvent: ({ data }) => {
        const event = JSON.parse(data) as RoomEvent;
        setFeed((known) => ({ ...known, events: [event, ...known.events].slice(0, KEPT) }));
        latest.current();
      },
    });
    return () => stream.close();
  }, [room, session]);
  return feed;
}
