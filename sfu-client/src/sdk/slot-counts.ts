import type { HelloReply, SlotCounts } from "./protocol.js";

/** Until a server has said what it wants and allows. */
const DEFAULT_SLOTS: SlotCounts = { audio: 3, video: 9 };
/** What a phone decodes and has room to show. */
const MOBILE_VIDEO_SLOTS = 4;

/** How many slots to offer: what the host page wishes, else what the server says, and never more than it allows. */
export function slotCounts(wish: SlotCounts | undefined, limits: HelloReply["limits"], mobile: boolean): SlotCounts {
  const { audioSlots, videoSlots } = limits ?? {};
  const video = videoSlots?.initial ?? DEFAULT_SLOTS.video;
  return {
    audio: Math.min(wish?.audio ?? audioSlots?.initial ?? DEFAULT_SLOTS.audio, audioSlots?.most ?? Infinity),
    video: Math.min(
      wish?.video ?? (mobile ? Math.min(video, MOBILE_VIDEO_SLOTS) : video),
      videoSlots?.most ?? Infinity,
    ),
  };
}
