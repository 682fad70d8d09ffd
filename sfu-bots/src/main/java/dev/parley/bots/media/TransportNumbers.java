package dev.parley.bots.media;

/**
 * Numbers the packets of one transport, over all its tracks
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Owner's thread only.
 */
public final class TransportNumbers {
  private int next16 = 1;

  int next() {
    int number = next16;
    next16 = next16 + 1 & 0xffff;
    return number;
  }
}
