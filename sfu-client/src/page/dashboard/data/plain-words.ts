import type { DashboardTexts } from "../../i18n/dashboard-en.js";
import type { QualityWords } from "../../i18n/quality-words.js";
import type { Formats } from "./formats.js";
import { CAUSES, type Cause, type Finding, type Picture, type Switch, type View } from "./types.js";
import { wordFor } from "./word-for.js";

/** What sentences are made with, in one language. */
export interface Speech {
  readonly texts: DashboardTexts;
  readonly quality: QualityWords;
  readonly formats: Formats;
  /** Whom an id belongs to; `undefined` for those who are gone. */
  readonly nameOf: (participantId: string) => string | undefined;
}

/** A cause and, for `source`, whose it is and why. */
export interface Blame {
  readonly cause: Cause;
  readonly participantId: string | undefined;
  readonly theirs: Cause | undefined;
}

/** Reads `loss_down` or `source:pa_7:sender_cpu`; `undefined` for what a newer server may say. */
export function blameOf(text: string): Blame | undefined {
  const [first = "", participantId, theirs = ""] = text.split(":");
  const cause = causeOf(first);
  return cause && { cause, participantId, theirs: causeOf(theirs) };
}

/** These only tell of the way: a call with them alone is good. What a newer server says may be harm. */
export function isHarmless(cause: string): boolean {
  return cause === "tcp_path" || cause === "relay_path";
}

export function causeOf(name: string): Cause | undefined {
  return CAUSES.find((cause) => cause === name);
}

/** As words after a name: "packets to this person are lost". */
export function blameText(speech: Speech, text: string): string {
  const blame = blameOf(text);
  if (!blame) return text;
  return filled(speech.quality[blame.cause].short, { name: somebody(speech, blame.participantId) });
}

/** A finding of a diagnosis, with its numbers, and what can be done. */
export function findingText(speech: Speech, finding: Finding): { readonly said: string; readonly advice: string } {
  const cause = causeOf(finding.cause);
  // The server's own words are better than none.
  if (!cause) return { said: finding.text, advice: "" };
  const { values, theirs } = finding;
  const { formats, texts, quality } = speech;
  const written = (name: string, write: (value: number) => string) => {
    const value = values[name];
    return value === undefined ? texts.none : write(value);
  };
  const their = causeOf(theirs ?? "");
  const facts = {
    loss: written("lossPercent", formats.percent),
    most: written("lossMostPercent", formats.percent),
    estimate: written("estimateBps", formats.bits),
    wanted: written("wantedBps", formats.bits),
    received: written("receivedBps", formats.bits),
    roundTrip: written("roundTripMs", formats.ms),
    jitter: written("jitterMs", formats.ms),
    name: somebody(speech, finding.participantId),
    theirs: their ? quality[their].short : texts.none,
  };
  const { said, advice } = quality[cause];
  return { said: filled(said, facts), advice: filled(advice, facts) };
}

/** Of a picture, as "picture of Ann: 720p → 360p because the connection carries only 0.6 Mbit/s". */
export function switchText(speech: Speech, change: Switch): string {
  const { texts } = speech;
  const { from, to } = change;
  const what = texts.switches.what(sourceText(speech, change.source), somebody(speech, change.participantId));
  const size = (layer: Picture, other: Picture) => {
    if (!layer) return texts.switches.off;
    return heightText(texts, layer.height, other ? layer.spatial : undefined);
  };
  const sameSize = from && to && from.spatial === to.spatial && from.height === to.height;
  const said = sameSize
    ? `${what}: ${texts.switches.frames(heightText(texts, to.height))}`
    : `${what}: ${size(from, to)} → ${size(to, from)}`;
  return texts.switches.because(said, reasonText(speech, change));
}

function reasonText({ texts: { switches: t }, formats }: Speech, { from, to, reason, estimateBps }: Switch): string {
  const known = typeof estimateBps === "number" && estimateBps >= 0;
  switch (reason) {
    case "bandwidth":
      if (rank(to) > rank(from)) return known ? t.carriesMore(formats.bits(estimateBps)) : t.carriesAgain;
      return known ? t.carries(formats.bits(estimateBps)) : t.carriesLess;
    case "server":
      return rank(to) > rank(from) ? t.serverAgain : t.server;
    case "view":
      if (!to) return t.viewOff;
      return from ? t.view : t.viewOn;
    case "muted":
      return to ? t.unmuted : t.muted;
    default:
      return t.speaker;
  }
}

/** How much a layer takes, in order. */
function rank(layer: Picture): number {
  return layer ? 1 + layer.spatial * 8 + layer.temporal : 0;
}

/** What a viewer is shown of somebody: "360p". */
export function viewText({ texts }: Pick<Speech, "texts">, { state, picture }: View): string {
  if (state === "paused") return texts.views.paused;
  return picture ? heightText(texts, picture.height) : texts.views.live;
}

/** Why it is shown like this, where that is more than a matter of course. */
export function viewReason({ texts }: Pick<Speech, "texts">, { reason, state }: View): string | undefined {
  return reason === "view" && state === "live" ? undefined : wordFor(texts.views.reasons, reason);
}

/** As "picture" or "sound". */
export function sourceText({ texts }: Pick<Speech, "texts">, source: string): string {
  return wordFor(texts.sources, source) ?? source;
}

export function isSound(source: string): boolean {
  return source === "microphone" || source === "screenAudio";
}

/** Where the server does not know a picture's height, its layer is named if there is another to compare it with. */
function heightText({ switches }: DashboardTexts, height: number, spatial?: number): string {
  if (height > 0) return `${height}p`;
  return spatial === undefined ? switches.on : `S${spatial}`;
}

/** The way of media, as the server names it. */
export function pathText({ texts }: Pick<Speech, "texts">, path: string): string {
  return wordFor(texts.paths, path) ?? (path === "" ? texts.paths.unknown : path);
}

function somebody({ nameOf, texts }: Speech, participantId: string | undefined): string {
  return (participantId === undefined ? undefined : nameOf(participantId)) ?? texts.why.somebody;
}

function filled(template: string, facts: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "");
}
