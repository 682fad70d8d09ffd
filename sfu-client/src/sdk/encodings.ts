import { canSend, defaultLayers, type MediaOptions, type VideoLayers } from "./codecs.js";
import { cameraSettings, screenSettings } from "./presets.js";

export type VideoSource = "camera" | "screen";

/** As in webrtc-svc, which the DOM's types do not have yet. */
export interface Encoding extends RTCRtpEncodingParameters {
  scalabilityMode?: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What one encoding does for a picture of some size. */
export interface Quality {
  readonly scaleResolutionDownBy: number;
  readonly maxBitrate: number;
  readonly maxFramerate: number;
}

const AREA_270P = 480 * 270;
const AREA_360P = 640 * 360;
const AREA_540P = 960 * 540;

/** Lowest first, which is also the order in the offer. */
const RIDS: Readonly<Record<VideoSource, readonly string[]>> = { camera: ["q", "h", "f"], screen: ["q", "f"] };
/** The small screen is for whoever has next to no bandwidth: text that can be guessed, and pages that turn. */
const SMALL_SCREEN = { maxBitrate: 400_000, maxFramerate: 5 } as const;

/** For a camera: the bits of a layer, and of the largest one that is sent, up to this many pixels and a tenth. */
const CAMERA_BITRATES: readonly { area: number; layerBps: number; topBps: number }[] = [
  { area: 320 * 180, layerBps: 150_000, topBps: 300_000 },
  { area: 640 * 480, layerBps: 500_000, topBps: 800_000 },
  { area: AREA_540P, layerBps: 1_200_000, topBps: 1_200_000 },
  { area: 1280 * 720, layerBps: 2_500_000, topBps: 2_500_000 },
];
/** For a camera that is sent in one stream, with or without layers in it. */
const CAMERA_ONE_STREAM_LEAST_BPS = 1_200_000;

/** What no encoding of a source goes beyond. */
export interface Limits {
  readonly fps: number;
  readonly mostBps: number;
}

const DEFAULT_LIMITS: Readonly<Record<VideoSource, Limits>> = {
  camera: { fps: 30, mostBps: 4_000_000 },
  screen: screenSettings(),
};

export function limitsOf(source: VideoSource, { camera, screen }: MediaOptions): Limits {
  if (source === "screen") return screenSettings(screen);
  return camera === undefined ? DEFAULT_LIMITS.camera : cameraSettings(camera);
}

/** @throws RangeError when the codec cannot be sent in these layers */
export function layersOf({ codec = "vp8", layers }: MediaOptions): VideoLayers {
  if (layers !== undefined && !canSend(codec, layers)) {
    throw new RangeError(`layers ${layers} need the codec vp9 or av1, not ${codec}.`);
  }
  return layers ?? defaultLayers(codec);
}

/**
 * The encodings a send section is offered with. Their number is fixed from then on; what each does is fitted to the picture
 * as soon as there is one.
 */
export function offeredEncodings(source: VideoSource, options: MediaOptions): Encoding[] {
  const layers = layersOf(options);
  const limits = limitsOf(source, options);
  if (layers !== "simulcast") {
    // A page of text is wanted in full or not at all: temporal layers are enough.
    return [{ ...quality(source, HD, 0, 1, limits), scalabilityMode: source === "screen" ? "L1T3" : layers }];
  }
  const rids = RIDS[source];
  // The server cannot see H.264's temporal layers, so they would only cost.
  const mode = options.codec === "h264" ? {} : { scalabilityMode: "L1T3" };
  return rids.map((rid, index) => ({ rid, active: true, ...quality(source, HD, index, rids.length, limits), ...mode }));
}

/**
 * How many of the encodings a picture of this size is worth. Chromium has the same limits and, when given more, leaves out the
 * largest: what it then sends is smaller than the picture.
 */
export function worthwhile(source: VideoSource, size: Size | undefined, encodings: number): number {
  if (encodings <= 1 || size === undefined) return encodings;
  const area = size.width * size.height;
  if (source === "screen") return area >= AREA_540P ? encodings : 1;
  return Math.min(encodings, area >= AREA_540P ? 3 : area >= AREA_270P ? 2 : 1);
}

/**
 * What the encoding at `index` does for a picture of this size: of the worthwhile ones the last has the picture's own
 * size, and each before it half of the next one's. The others are idle and keep what they would do for a larger picture.
 */
export function fitted(
  source: VideoSource,
  size: Size | undefined,
  index: number,
  encodings: number,
  limits: Limits = DEFAULT_LIMITS[source],
): Quality {
  const count = worthwhile(source, size, encodings);
  return index < count
    ? quality(source, size ?? HD, index, count, limits, encodings === 1)
    : quality(source, HD, index, encodings, limits);
}

/**
 * Which encodings are to be sent, when of `rids` the first `count` are worthwhile and the server wants those in `wanted`
 * (`undefined`: it has not said). Whoever wants more than there is gets the largest there is. A rid that is not ours is
 * ignored, but when the server wants something and none of it is ours, all are sent rather than nothing.
 */
export function activeEncodings(
  rids: readonly (string | undefined)[],
  count: number,
  wanted: readonly string[] | undefined,
): boolean[] {
  const known = rids.flatMap((rid, index) => (rid !== undefined && wanted?.includes(rid) ? [index] : []));
  if (wanted === undefined || (wanted.length > 0 && known.length === 0)) return rids.map((_, index) => index < count);
  const sent = new Set(known.map((index) => Math.min(index, count - 1)));
  return rids.map((_, index) => sent.has(index));
}

const HD: Size = { width: 1280, height: 720 };

function quality(
  source: VideoSource,
  size: Size,
  index: number,
  count: number,
  { fps, mostBps }: Limits,
  oneStream = count === 1,
): Quality {
  const top = index === count - 1;
  const scaleResolutionDownBy = 2 ** (count - 1 - index);
  const area = (size.width * size.height) / scaleResolutionDownBy ** 2;
  if (source === "screen") {
    if (!top) return { scaleResolutionDownBy, ...SMALL_SCREEN };
    return {
      scaleResolutionDownBy,
      maxBitrate: area > AREA_360P * 1.1 ? mostBps : Math.min(mostBps, 1_200_000),
      maxFramerate: fps,
    };
  }
  const row = CAMERA_BITRATES.find((candidate) => area <= candidate.area * 1.1);
  const bps = row === undefined ? mostBps : top ? row.topBps : row.layerBps;
  const maxBitrate = Math.min(mostBps, oneStream ? Math.max(bps, CAMERA_ONE_STREAM_LEAST_BPS) : bps);
  return { scaleResolutionDownBy, maxBitrate, maxFramerate: fps };
}
