import { useEffect, useRef, useState } from "preact/hooks";
import type { Devices } from "../../sdk/index.js";
import { Icon } from "../design/icon.js";
import { texts } from "../i18n/language.js";
import type { RoomView } from "./room-view.js";

/** One audio element for each audio slot, for the whole visit; and the button for browsers that want a click first. */
export function Sound({ view, devices }: { view: RoomView; devices: Devices }) {
  const [blocked, setBlocked] = useState(false);
  const players = useRef<HTMLDivElement>(null);
  const play = () => {
    setBlocked(false);
    for (const player of players.current?.querySelectorAll("audio") ?? []) {
      player.play().catch((thrown: unknown) => {
        if (thrown instanceof DOMException && thrown.name === "NotAllowedError") setBlocked(true);
      });
    }
  };
  const slots = view.slots.value.filter(({ kind }) => kind === "audio");
  return (
    <div class="sound">
      <div ref={players}>
        {slots.map(({ mid, stream }) => (
          <Player key={mid} mid={mid} stream={stream} devices={devices} started={play} />
        ))}
      </div>
      {blocked && (
        <button class="primary" type="button" data-action="sound" onClick={play}>
          <Icon name="sound" />
          {texts.value.call.turnOnSound}
        </button>
      )}
    </div>
  );
}

interface PlayerProps {
  readonly mid: string;
  readonly stream: MediaStream;
  readonly devices: Devices;
  readonly started: () => void;
}

function Player({ mid, stream, devices, started }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const { current } = audio;
    if (!current) return;
    current.srcObject = stream;
    started();
    const stopFollowing = devices.useSpeaker(current);
    return () => {
      stopFollowing();
      current.srcObject = null;
    };
  }, [stream]);
  return <audio ref={audio} data-mid={mid} autoPlay />;
}
