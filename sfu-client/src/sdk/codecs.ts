import type { CameraPreset, CameraSettings, ScreenPreset, ScreenSettings } from "./presets.js";
import type { MediaKind } from "./protocol.js";

/** The codec that camera and screen are sent in. */
export type VideoCodec = "vp8" | "vp9" | "av1" | "h264";

/**
 * How a camera's picture is offered in several qualities: `simulcast` sends it up to three times, the others are the
 * scalability modes of one stream that the browser sends once. `L3…` needs VP9 or AV1.
 */
export type VideoLayers = "simulcast" | "L1T3" | "L3T3" | "L3T3_KEY";

/** All that can be chosen, the usual one first. */
export const VIDEO_CODECS: readonly VideoCodec[] = ["vp8", "vp9", "av1", "h264"];
/** All that can be chosen; not each goes with each codec (`canSend`). */
export const VIDEO_LAYERS: readonly VideoLayers[] = ["simulcast", "L1T3", "L3T3", "L3T3_KEY"];

/** How this client sends; what it can receive does not depend on it. */
export interface MediaOptions {
  /** The codec of camera and screen: `vp8` when not given. Another one is used when the server does not forward it. */
  codec?: VideoCodec | undefined;
  /** `simulcast` for VP8 and H.264, `L3T3_KEY` for VP9 and AV1 when not given. */
  layers?: VideoLayers | undefined;
  /** The picture of `turnOn("camera")`, and the limits of what any camera sends: `standard`, without a limit, when not given. */
  camera?: CameraPreset | CameraSettings | undefined;
  /** The same for a shared screen: `text` when not given. */
  screen?: ScreenPreset | ScreenSettings | undefined;
  /** Sends each sound twice (RFC 2198), which hides the loss of single packets for about 30 kbit/s. Off when not given. */
  red?: boolean | undefined;
  /** Sends next to nothing while nobody speaks (Opus DTX). Off when not given. */
  dtx?: boolean | undefined;
}

/** Whether a codec can be sent in these layers. */
export function canSend(codec: VideoCodec, layers: VideoLayers): boolean {
  return layers === "simulcast" || layers === "L1T3" || codec === "vp9" || codec === "av1";
}

export function defaultLayers(codec: VideoCodec): VideoLayers {
  return codec === "vp9" || codec === "av1" ? "L3T3_KEY" : "simulcast";
}

/** What the server forwards. Anything else only makes the offer longer, in each of its sections. */
const VIDEO: readonly VideoCodec[] = ["vp8", "vp9", "h264", "av1"];

/** One profile of each codec: the one that every browser has. */
const PROFILE: Readonly<Record<VideoCodec, (fmtp: string) => boolean>> = {
  vp8: () => true,
  vp9: (fmtp) => !/profile-id=[1-9]/.test(fmtp),
  av1: (fmtp) => !/profile=[1-9]/.test(fmtp),
  h264: (fmtp) => fmtp === "" || (/packetization-mode=1/.test(fmtp) && /profile-level-id=42e0/i.test(fmtp)),
};

/**
 * The supported codecs to offer in a section, the preferred one first; empty when none is known, which leaves the
 * browser's own list. A receiver takes all of them, as each of the others sends in a codec of its own choice.
 */
export function codecsToOffer(
  section: { kind: MediaKind; send: boolean },
  { codec, red }: MediaOptions,
  supported: readonly RTCRtpCodec[],
): RTCRtpCodec[] {
  const named = (name: string) =>
    supported.filter(({ mimeType }) => mimeType.toLowerCase() === `${section.kind}/${name}`);
  if (section.kind === "audio") {
    // A browser sends the first one, and receives both.
    return (section.send && red === true ? ["red", "opus"] : ["opus", "red"]).flatMap(named);
  }
  const first = section.send ? (codec ?? "vp8") : "vp8";
  const media = [first, ...VIDEO.filter((other) => other !== first)].flatMap((name) =>
    named(name).filter(({ sdpFmtpLine }) => PROFILE[name](sdpFmtpLine ?? "")),
  );
  return media.length === 0 ? [] : [...media, ...named("rtx")];
}

/**
 * An answer that asks for Opus DTX (RFC 7587 section 6.1): what a browser sends follows the parameters of the other side. All
 * sections get it, since a payload type means the same in each of them (RFC 8843 section 9.1).
 */
export function withDtx(answer: string): string {
  const opus = new Set([...answer.matchAll(/^a=rtpmap:(\d+) opus\/48000/gim)].map(([, payloadType]) => payloadType));
  return answer
    .split(/(?=^m=)/m)
    .map((section) => {
      let changed = section;
      for (const payloadType of opus) {
        const fmtp = new RegExp(`^a=fmtp:${payloadType} (.*)$`, "m").exec(changed)?.[1]?.trimEnd();
        if (fmtp === undefined) {
          changed = changed.replace(
            new RegExp(`^a=rtpmap:${payloadType} opus/48000.*\r?\n`, "im"),
            (line) => `${line}a=fmtp:${payloadType} usedtx=1\r\n`,
          );
        } else if (!/(^|;)\s*usedtx=/.test(fmtp)) {
          changed = changed.replace(`a=fmtp:${payloadType} ${fmtp}`, () => `a=fmtp:${payloadType} ${fmtp};usedtx=1`);
        }
      }
      return changed;
    })
    .join("");
}
