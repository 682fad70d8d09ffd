import type { MediaKind } from "./protocol.js";

/**
 * What is offered, in order of preference: what the server forwards. Everything else only makes the offer longer, in each
 * of its sections.
 */
const PREFERRED: Readonly<Record<MediaKind, readonly string[]>> = {
  audio: ["audio/opus"],
  video: ["video/VP8", "video/rtx"],
};

/** The supported codecs to offer; empty when none is preferred, which leaves the browser's own list. */
export function preferredCodecs(kind: MediaKind, supported: readonly RTCRtpCodec[]): RTCRtpCodec[] {
  return PREFERRED[kind].flatMap((mimeType) =>
    supported.filter((codec) => codec.mimeType.toLowerCase() === mimeType.toLowerCase()),
  );
}
