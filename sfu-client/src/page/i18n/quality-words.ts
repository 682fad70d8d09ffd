import type { Cause } from "../dashboard/data/types.js";
import type { Language } from "./language.js";
import { QUALITY_RU } from "./quality-ru.js";
import { QUALITY_UK } from "./quality-uk.js";

/** What is said of a cause; `{loss}` and the like stand for what was measured, `{name}` for whom it is about. */
export interface CauseWords {
  /** In a list, after a name. */
  readonly short: string;
  /** A sentence with what was measured. */
  readonly said: string;
  readonly advice: string;
}

export type QualityWords = Readonly<Record<Cause, CauseWords>>;

const QUALITY_EN: QualityWords = {
  server_overload: {
    short: "the server is overloaded",
    said: "The server had more to do than it could.",
    advice: "Drain this server and open new rooms on another, or give it more processors.",
  },
  interrupted: {
    short: "the connection is interrupted",
    said: "The connection was interrupted: nothing came from this person.",
    advice: "The network was gone: ask for another network, or a place nearer to the Wi-Fi.",
  },
  loss_down: {
    short: "packets to this person are lost",
    said: "{loss} of what was sent to this person was lost on the way, {most} at worst.",
    advice: "Ask this person to use a cable or a better Wi-Fi, and to stop downloads.",
  },
  loss_up: {
    short: "packets from this person are lost",
    said: "{loss} of what this person sent was lost on the way, {most} at worst.",
    advice: "Ask this person to use a cable or a better Wi-Fi, and to stop uploads.",
  },
  low_bandwidth_down: {
    short: "the connection carries too little to this person",
    said: "The connection carried only {estimate} to this person, where {wanted} were wanted.",
    advice: "Ask this person to look at fewer or smaller pictures, or to use a faster network.",
  },
  low_bandwidth_up: {
    short: "the connection carries too little from this person",
    said: "Only {received} came from this person, less than its camera needs.",
    advice: "Ask this person to turn the camera off, or to use a faster network.",
  },
  sender_cpu: {
    short: "this person’s device is too slow",
    said: "This person’s device is too slow for the video that it sends.",
    advice: "Ask this person to close other programs, or to choose a smaller picture.",
  },
  high_delay: {
    short: "everything comes late",
    said: "A packet took {roundTrip} there and back.",
    advice: "The network is far away or full: a VPN turned off or another network may help.",
  },
  jitter: {
    short: "packets come unevenly",
    said: "Packets came unevenly, up to {jitter} early or late.",
    advice: "A cable in place of Wi-Fi helps most.",
  },
  tcp_path: {
    short: "media goes by TCP",
    said: "Media went by TCP, since UDP does not get through: what is lost delays the rest.",
    advice: "Ask who runs this person’s network to let UDP through to the server.",
  },
  relay_path: {
    short: "media goes over a relay",
    said: "Media took the detour over a relay.",
    advice: "It works, with somewhat more delay. The network lets no direct way through.",
  },
  source: {
    short: "what {name} sends is bad",
    said: "What came from {name} was bad already: {theirs}.",
    advice: "Look at {name}: that is where it begins.",
  },
};

export const QUALITY_WORDS: Readonly<Record<Language, QualityWords>> = {
  en: QUALITY_EN,
  uk: QUALITY_UK,
  ru: QUALITY_RU,
};
