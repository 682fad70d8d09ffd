package dev.parley.core.turn;

/** The numbers of RFC 8489 and RFC 8656 that a TURN server needs. */
final class Stun {
  static final int HEADER_BYTES = 20;
  static final int TRANSACTION_BYTES = 12;
  static final int INTEGRITY_BYTES = 20;
  static final int MAGIC_COOKIE = 0x2112_a442;
  static final int FINGERPRINT_MASK = 0x5354_554e;

  static final int BINDING = 0x001;
  static final int ALLOCATE = 0x003;
  static final int REFRESH = 0x004;
  static final int SEND = 0x006;
  static final int DATA_METHOD = 0x007;
  static final int CREATE_PERMISSION = 0x008;
  static final int CHANNEL_BIND = 0x009;

  static final int REQUEST = 0;
  static final int INDICATION = 0x010;
  static final int SUCCESS = 0x100;
  static final int ERROR = 0x110;
  static final int CLASS_MASK = 0x110;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000a;
  static final int CHANNEL_NUMBER = 0x000c;
  static final int LIFETIME = 0x000d;
  static final int XOR_PEER_ADDRESS = 0x0012;
  static final int DATA = 0x0013;
  static final int REALM = 0x0014;
  static final int NONCE = 0x0015;
  static final int XOR_RELAYED_ADDRESS = 0x0016;
  static final int REQUESTED_ADDRESS_FAMILY = 0x0017;
  static final int EVEN_PORT = 0x0018;
  static final int REQUESTED_TRANSPORT = 0x0019;
  static final int DONT_FRAGMENT = 0x001a;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int RESERVATION_TOKEN = 0x0022;
  static final int FINGERPRINT = 0x8028;

  static final int FAMILY_V4 = 1;
  static final int FAMILY_V6 = 2;

  static final int FIRST_CHANNEL = 0x4000;
  static final int LAST_CHANNEL = 0x4fff;
  static final int CHANNEL_HEADER_BYTES = 4;

  private Stun() {}

  static int uint16(byte[] b, int at) {
    return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
  }

  static int int32(byte[] b, int at) {
    return uint16(b, at) << 16 | uint16(b, at + 2);
  }

  static void putUint16(byte[] b, int at, int value) {
    b[at] = (byte) (value >>> 8);
    b[at + 1] = (byte) value;
  }

  static void putInt32(byte[] b, int at, int value) {
    putUint16(b, at, value >>> 16);
    putUint16(b, at + 2, value);
  }

  /** To a multiple of four. */
  static int padded(int lengthBytes) {
    return lengthBytes + 3 & ~3;
  }
}
