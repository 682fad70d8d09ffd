import type { Cancel } from "./platform.js";

const EVERY_MS = 100;
/** Quieter than this is shown as silence. */
const FLOOR_DB = -60;

/**
 * Listens to a microphone, without playing it: calls back ten times a second with its level, from 0 (silent) to 1, on a
 * scale as people hear it.
 *
 * @returns the way to stop; the track stays open
 */
export function watchLevel(track: MediaStreamTrack, heard: (level: number) => void): Cancel {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(levelOf(samples));
  }, EVERY_MS);
  // A page without a click yet: it listens as soon as the browser lets it.
  void context.resume().catch(() => undefined);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** Of samples from -1 to 1: their power in decibels, brought to 0 to 1. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const db = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}
