import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { trackOf, type RemoteParticipant, type Slot, type TrackSource } from "../../sdk/index.js";
import { flag } from "../design/flag.js";
import { Icon } from "../design/icon.js";
import { IconButton } from "../design/icon-button.js";
import { language, texts } from "../i18n/language.js";
import type { Rect } from "./layout.js";
import { hasHandUp, isMuted } from "./person.js";
import { QualityBars } from "./quality-bars.js";
import type { RoomView } from "./room-view.js";

const HUES = [164, 205, 262, 322, 12, 38, 88, 236];

export interface TileIdentity {
  readonly participantId: string;
  readonly source: Extract<TrackSource, "camera" | "screen">;
  readonly own: boolean;
}

export interface TileProps {
  readonly view: RoomView;
  readonly identity: TileIdentity;
  /** `undefined` on one's own. */
  readonly participant: RemoteParticipant | undefined;
  readonly rect: Rect | undefined;
  readonly focused: boolean;
  readonly pinned: boolean;
  readonly pin: () => void;
}

interface Picture {
  readonly stream: MediaStream | undefined;
  readonly mid: string | undefined;
  readonly paused: boolean;
  /** One's own connection is too slow for the picture to move. */
  readonly slow: boolean;
}

/** One person, or one shared screen, on the stage. */
export function Tile({ view, identity, participant, rect, focused, pinned, pin }: TileProps) {
  const { participantId, source, own } = identity;
  const t = texts.value.tile;
  const name = participant?.displayName ?? view.displayName.value;
  const label = source === "screen" ? (own ? t.ownScreen : t.screen(name)) : own ? t.you(name) : name;
  const picture = usePicture(view, identity, participant);
  const muted = source === "camera" && isMuted(view, participant);
  const [shows, video] = useVideo(picture.stream);
  const style = rect && {
    transform: `translate(${rect.x}px, ${rect.y}px)`,
    width: `${rect.width}px`,
    height: `${rect.height}px`,
  };
  return (
    <article
      class="tile"
      aria-label={label}
      hidden={rect === undefined}
      style={style}
      data-participant-id={participantId}
      data-source={source}
      data-name={name}
      data-own={flag(own)}
      data-picture={flag(shows)}
      data-muted={flag(muted)}
      data-speaking={flag(source === "camera" && view.speaking.value.has(participantId))}
      data-paused={flag(picture.paused)}
      data-slow={flag(picture.slow)}
      data-focused={flag(focused)}
    >
      <div class="avatar" aria-hidden="true" style={{ "--hue": String(hue(name)) }}>
        {initials(name, language.value)}
      </div>
      <video ref={video} data-mid={picture.mid} playsInline autoPlay muted />
      <div class="plate">
        {muted && (
          <span class="mute-mark" role="img" aria-label={t.microphoneOff}>
            <Icon name="microphoneOff" />
          </span>
        )}
        <span class="name">{label}</span>
        {source === "camera" && <QualityBars level={view.quality.value.get(participantId)} />}
      </div>
      {source === "camera" && hasHandUp(participant ?? view.self.value) && (
        <span class="hand-mark" role="img" aria-label={t.handUp}>
          <Icon name="hand" />
        </span>
      )}
      {picture.slow && (
        <div class="slow">
          <Icon name="slow" />
          <span>{t.slow}</span>
        </div>
      )}
      <IconButton action="pin" class="pin" icon="pin" label={t.pin(label)} pressed={pinned} run={pin} />
    </article>
  );
}

function usePicture(view: RoomView, identity: TileIdentity, participant: RemoteParticipant | undefined): Picture {
  const { participantId, source, own } = identity;
  const ownTrack = own ? view.publication(source)?.track : undefined;
  const ownStream = useMemo(() => ownTrack && new MediaStream([ownTrack]), [ownTrack]);
  const shown = useRef<string | undefined>(undefined);
  if (own) return { stream: ownStream, mid: undefined, paused: false, slow: false };
  const slot = view.slotOf(participantId, source);
  const off = participant !== undefined && (trackOf(participant, source)?.muted ?? false);
  const visible = slot !== undefined && !off && isTheirs(slot, shown.current);
  shown.current = visible ? slot.mid : undefined;
  const paused = slot?.state === "paused";
  return {
    stream: visible ? slot.stream : undefined,
    mid: visible ? slot.mid : undefined,
    paused: paused && slot.reason !== "muted",
    slow: paused && slot.reason === "bandwidth" && !off,
  };
}

/** A slot that is paused from the start still holds the picture of whoever was in it before. */
function isTheirs({ state, reason, mid }: Slot, shownMid: string | undefined): boolean {
  return state !== "paused" || (reason !== "muted" && mid === shownMid);
}

/** Plays a stream. Whether it shows anything turns false with each new stream: the old picture may be another person's. */
function useVideo(stream: MediaStream | undefined) {
  const video = useRef<HTMLVideoElement>(null);
  const [shows, setShows] = useState(false);
  useLayoutEffect(() => {
    const element = video.current;
    setShows(false);
    if (!element || !stream) return undefined;
    const loaded = () => setShows(true);
    // Listens before there is anything to hear: on a busy machine the first picture is there sooner than the next effect.
    element.addEventListener("loadeddata", loaded);
    // Sound has elements of its own; a muted video may always start by itself.
    element.muted = true;
    element.srcObject = stream;
    // Rejects when the stream is replaced before it started, which is no failure.
    element.play().catch(() => undefined);
    return () => {
      element.removeEventListener("loadeddata", loaded);
      element.srcObject = null;
    };
  }, [stream]);
  return [shows, video] as const;
}

function initials(name: string, language: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  const first = letters.map((word) => Array.from(word ?? "")[0] ?? "").join("");
  return first.toLocaleUpperCase(language) || "?";
}

function hue(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 164;
}
