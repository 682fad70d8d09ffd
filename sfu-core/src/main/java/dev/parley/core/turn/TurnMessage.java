package dev.parley.core.turn;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads one STUN message where it lies (RFC 8489 section 5): finds the attributes that a TURN
 * server looks at. Borrows the bytes until the next {@link #parse}; allocates nothing but what it
 * is asked for. The first attribute of a type counts; what stands behind MESSAGE-INTEGRITY is not
 * looked at (section 14.5).
 */
final class TurnMessage {
  /** More peers in one request than any client has reason to name. */
  static final int MAX_PEERS = 16;

  private static final int MAX_UNKNOWN = 8;
  private static final int MAPPED_PREFIX = 0xffff;

  private final CRC32 crc = new CRC32();
  private final int[] peers = new int[MAX_PEERS];
  private final char[] unknown = new char[MAX_UNKNOWN];
  private byte[] b = new byte[0];
  private int off;
  private int length;
  private int type;
  private int peerCount;
  private int unknownCount;
  private int username;
  private int realm;
  private int nonce;
  private int integrity;
  private int lifetime;
  private int channel;
  private int transport;
  private int family;
  private int data;
  private boolean fingerprint;
  private boolean reservation;
  private boolean tooManyPeers;

  /**
   * False when it is no whole STUN message: a length that does not fit, an attribute beyond the
   * end, a wrong size of one we look at, or a wrong FINGERPRINT.
   */
  @HotPath
  boolean parse(byte[] bytes, int offset, int lengthBytes) {
    if (lengthBytes < Stun.HEADER_BYTES
        || (bytes[offset] & 0xc0) != 0
        || Stun.int32(bytes, offset + 4) != Stun.MAGIC_COOKIE
        || Stun.uint16(bytes, offset + 2) != lengthBytes - Stun.HEADER_BYTES
        || (lengthBytes & 3) != 0) {
      return false;
    }
    b = bytes;
    off = offset;
    length = lengthBytes;
    type = Stun.uint16(bytes, offset);
    clear();
    int end = offset + lengthBytes;
    int at = offset + Stun.HEADER_BYTES;
    while (at < end) {
      int size = Stun.uint16(bytes, at + 2);
      int next = at + 4 + Stun.padded(size);
      if (next > end || !note(Stun.uint16(bytes, at), at, size, next == end)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  @HotPath
  private void clear() {
    peerCount = 0;
    unknownCount = 0;
    username = -1;
    realm = -1;
    nonce = -1;
    integrity = -1;
    lifetime = -1;
    channel = -1;
    transport = -1;
    family = -1;
    data = -1;
    fingerprint = false;
    reservation = false;
    tooManyPeers = false;
  }

  @HotPath
  private boolean note(int attribute, int at, int size, boolean last) {
    if (attribute == Stun.FINGERPRINT) {
      fingerprint = true;
      return size == 4 && last && isFingerprint(at);
    }
    if (integrity >= 0) {
      return true;
    }
    switch (attribute) {
      case Stun.USERNAME -> username = username < 0 ? at : username;
      case Stun.REALM -> realm = realm < 0 ? at : realm;
      case Stun.NONCE -> nonce = nonce < 0 ? at : nonce;
      case Stun.DATA -> data = data < 0 ? at : data;
      case Stun.MESSAGE_INTEGRITY -> {
        integrity = at;
        return size == Stun.INTEGRITY_BYTES;
      }
      case Stun.LIFETIME -> {
        lifetime = lifetime < 0 ? at : lifetime;
        return size == 4;
      }
      case Stun.CHANNEL_NUMBER -> {
        channel = channel < 0 ? at : channel;
        return size == 4;
      }
      case Stun.REQUESTED_TRANSPORT -> {
        transport = transport < 0 ? at : transport;
        return size == 4;
      }
      case Stun.REQUESTED_ADDRESS_FAMILY -> {
        family = family < 0 ? at : family;
        return size == 4;
      }
      case Stun.XOR_PEER_ADDRESS -> {
        return notePeer(at, size);
      }
      case Stun.EVEN_PORT, Stun.RESERVATION_TOKEN -> reservation = true;
      default -> noteOther(attribute);
    }
    return true;
  }

  @HotPath
  private boolean notePeer(int at, int size) {
    if (peerCount == MAX_PEERS) {
      tooManyPeers = true;
      return true;
    }
    int addressFamily = size < 2 ? 0 : b[at + 5];
    peers[peerCount++] = at;
    return (addressFamily == Stun.FAMILY_V4 && size == 8)
        || (addressFamily == Stun.FAMILY_V6 && size == 20);
  }

  /** Comprehension-required ones that are neither ours nor harmless (RFC 8489 section 14). */
  @HotPath
  private void noteOther(int attribute) {
    boolean harmless =
        attribute >= 0x8000
            || attribute == Stun.DONT_FRAGMENT
            || attribute == Stun.XOR_MAPPED_ADDRESS
            || attribute == Stun.XOR_RELAYED_ADDRESS
            || attribute == Stun.ERROR_CODE
            || attribute == Stun.UNKNOWN_ATTRIBUTES;
    if (!harmless && unknownCount < MAX_UNKNOWN) {
      unknown[unknownCount++] = (char) attribute;
    }
  }

  @HotPath
  private boolean isFingerprint(int at) {
    crc.reset();
    crc.update(b, off, at - off);
    return Stun.int32(b, at + 4) == ((int) crc.getValue() ^ Stun.FINGERPRINT_MASK);
  }

  int lengthBytes() {
    return length;
  }

  /** The method without the class bits. */
  @HotPath
  int method() {
    return type & ~Stun.CLASS_MASK;
  }

  /** {@link Stun#REQUEST}, {@link Stun#INDICATION}, {@link Stun#SUCCESS} or {@link Stun#ERROR}. */
  @HotPath
  int kind() {
    return type & Stun.CLASS_MASK;
  }

  void copyTransaction(byte[] into, int at) {
    System.arraycopy(b, off + 8, into, at, Stun.TRANSACTION_BYTES);
  }

  boolean transactionIs(byte[] id) {
    return Arrays.equals(b, off + 8, off + Stun.HEADER_BYTES, id, 0, id.length);
  }

  boolean hasFingerprint() {
    return fingerprint;
  }

  boolean hasIntegrity() {
    return integrity >= 0;
  }

  /** USERNAME, REALM and NONCE, all three. */
  boolean namesItsUser() {
    return username >= 0 && realm >= 0 && nonce >= 0;
  }

  /** EVEN-PORT or RESERVATION-TOKEN. */
  boolean wantsReservation() {
    return reservation;
  }

  boolean hasTooManyPeers() {
    return tooManyPeers;
  }

  String username() {
    return text(username);
  }

  boolean usernameIs(byte[] expected) {
    return is(username, expected);
  }

  boolean realmIs(byte[] expected) {
    return is(realm, expected);
  }

  String nonce() {
    return text(nonce);
  }

  private String text(int at) {
    return new String(b, at + 4, Stun.uint16(b, at + 2), StandardCharsets.UTF_8);
  }

  private boolean is(int at, byte[] expected) {
    int from = at + 4;
    int size = Stun.uint16(b, at + 2);
    return Arrays.equals(b, from, from + size, expected, 0, expected.length);
  }

  /** Where the message begins in {@link #bytes()}. */
  int offset() {
    return off;
  }

  byte[] bytes() {
    return b;
  }

  /** Position of MESSAGE-INTEGRITY from the message's start; only if there is one. */
  int integrityOffset() {
    return integrity - off;
  }

  /** In seconds, or -1; unsigned values above {@code int} read as the largest. */
  int lifetimeSec() {
    if (lifetime < 0) {
      return -1;
    }
    int seconds = Stun.int32(b, lifetime + 4);
    return seconds < 0 ? Integer.MAX_VALUE : seconds;
  }

  /** Or -1. */
  int channelNumber() {
    return channel < 0 ? -1 : Stun.uint16(b, channel + 4);
  }

  /** The protocol number, or -1. */
  int requestedTransport() {
    return transport < 0 ? -1 : b[transport + 4] & 0xff;
  }

  /** Or -1. */
  int requestedFamily() {
    return family < 0 ? -1 : b[family + 4] & 0xff;
  }

  @HotPath
  boolean hasData() {
    return data >= 0;
  }

  /** Where in {@link #bytes()} the DATA begins. */
  @HotPath
  int dataOffset() {
    return data + 4;
  }

  @HotPath
  int dataLengthBytes() {
    return Stun.uint16(b, data + 2);
  }

  @HotPath
  int peerCount() {
    return peerCount;
  }

  @HotPath
  boolean peerIsV4(int peer) {
    return b[peers[peer] + 5] == Stun.FAMILY_V4;
  }

  @HotPath
  int peerPort(int peer) {
    return Stun.uint16(b, peers[peer] + 6) ^ Stun.MAGIC_COOKIE >>> 16;
  }

  /** As {@link PeerAddress#high()}. */
  @HotPath
  long peerHigh(int peer) {
    return peerIsV4(peer) ? 0 : long64(peers[peer] + 8) ^ long64(off + 4);
  }

  /** As {@link PeerAddress#low()}. */
  @HotPath
  long peerLow(int peer) {
    int at = peers[peer] + 8;
    if (peerIsV4(peer)) {
      long ip = (Stun.int32(b, at) ^ Stun.MAGIC_COOKIE) & 0xffff_ffffL;
      return (long) MAPPED_PREFIX << 32 | ip;
    }
    return long64(at + 8) ^ long64(off + 12);
  }

  @HotPath
  private long long64(int at) {
    return (long) Stun.int32(b, at) << 32 | (Stun.int32(b, at + 4) & 0xffff_ffffL);
  }

  boolean hasUnknown() {
    return unknownCount > 0;
  }

  /** At most eight are told. */
  char[] unknown() {
    return Arrays.copyOf(unknown, unknownCount);
  }
}
