package dev.parley.micro;

import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpSender;
import java.util.SplittableRandom;

/** Packets of one stream and one length, and keys for them. One thread. */
final class PlainPackets {
  /** Packets that are taken one after the other. */
  static final int BATCH = 64;

  /** Of a packet's place in a slab, as {@code net.SendBatch} has it. */
  static final long STRIDE_BYTES = 1536;

  private final long seed;
  private final byte[][] packets;
  private int sequence;

  /** {@code lengthBytes}: of each, header included. */
  PlainPackets(int lengthBytes, long seed) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    packets = new byte[BATCH][lengthBytes];
    for (byte[] packet : packets) {
      random.nextBytes(packet);
      packet[0] = (byte) 0x80;
      packet[1] = 96;
      packet[8] = 1;
      packet[9] = 2;
      packet[10] = 3;
      packet[11] = 4;
    }
  }

  /** The packet at this place of a batch, with the stream's next number. */
  byte[] next(int place) {
    byte[] packet = packets[place];
    int number = sequence++;
    packet[2] = (byte) (number >> 8);
    packet[3] = (byte) number;
    return packet;
  }

  /** The sender's half, under keys of the seed. */
  SrtpSender sender(SrtpProfile profile) {
    return new SrtpSender(profile, noise(profile.keyLength()), noise(profile.saltLength()));
  }

  /** The receiver's half, under the same keys. */
  SrtpReceiver receiver(SrtpProfile profile) {
    return new SrtpReceiver(profile, noise(profile.keyLength()), noise(profile.saltLength()));
  }

  private byte[] noise(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
