import { throwIfAborted } from "./abort.js";

const NOTES_HZ = [523, 659, 784];
const NOTE_SEC = 0.25;
const LOUDNESS = 0.25;

/** Where a test tone is played, and how long one wants to hear it. */
export interface ToneOptions {
  /** A speaker's; the system's default when not given, or where the browser has no choice. */
  readonly deviceId?: string | undefined;
  /** Aborted, the tone ends and the call resolves. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plays three rising notes, to hear whether the speaker works; resolves when they are over. Needs a click before, as all
 * sound does.
 */
export async function playTone({ deviceId, signal }: ToneOptions = {}): Promise<void> {
  throwIfAborted(signal);
  const context: AudioContext & { setSinkId?(deviceId: string): Promise<void> } = new AudioContext();
  try {
    if (deviceId !== undefined) await context.setSinkId?.(deviceId);
    // Until the page was clicked, time stands still in there.
    context.resume().catch(() => undefined);
    await notes(context, signal);
  } finally {
    await context.close();
  }
}

function notes(context: AudioContext, signal: AbortSignal | undefined): Promise<void> {
  const gain = context.createGain();
  gain.connect(context.destination);
  return new Promise((resolve) => {
    for (const [index, frequencyHz] of NOTES_HZ.entries()) {
      const oscillator = context.createOscillator();
      const fromSec = context.currentTime + index * NOTE_SEC;
      oscillator.frequency.value = frequencyHz;
      oscillator.connect(gain);
      oscillator.start(fromSec);
      oscillator.stop(fromSec + NOTE_SEC);
      // Without a step in the wave, which would be heard as a click.
      gain.gain.setValueAtTime(0, fromSec);
      gain.gain.linearRampToValueAtTime(LOUDNESS, fromSec + NOTE_SEC / 8);
      gain.gain.linearRampToValueAtTime(0, fromSec + NOTE_SEC);
      if (index === NOTES_HZ.length - 1) oscillator.onended = () => resolve();
    }
    if (signal?.aborted === true) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
