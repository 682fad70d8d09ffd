package dev.parley.core.ice;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** STUN written and read a second time, independent of the code under test. */
final class StunFixture {
  private StunFixture() {}

  /** Attributes by type in order of appearance; fails unless everything adds up. */
  static Map<Integer, byte[]> read(byte[] b, String password) {
    ByteBuffer in = ByteBuffer.wrap(b);
    if (in.getShort(2) != b.length - 20 || in.getInt(4) != 0x2112a442) {
      throw new AssertionError("bad header");
    }
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    for (int at = 20; at < b.length; ) {
      int type = in.getShort(at) & 0xffff;
      int length = in.getShort(at + 2) & 0xffff;
      byte[] value = Arrays.copyOfRange(b, at + 4, at + 4 + length);
      attributes.put(type, value);
      if (type == 0x0008 && !Arrays.equals(value, integrity(b, at, password))) {
        throw new AssertionError("bad integrity");
      }
      if (type == 0x8028 && ByteBuffer.wrap(value).getInt() != fingerprint(b, at)) {
        throw new AssertionError("bad fingerprint");
      }
      at += 4 + (length + 3) / 4 * 4;
    }
    return attributes;
  }

  /** A message of the given attributes; then integrity if {@code password} is not empty. */
  static byte[] write(
      int type, byte[] transaction, Map<Integer, byte[]> attributes, String password) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(8)
            .putShort((short) type)
            .putShort((short) 0)
            .putInt(0x2112a442)
            .array());
    out.writeBytes(transaction);
    attributes.forEach((t, value) -> put(out, t, value));
    if (!password.isEmpty()) {
      byte[] b = out.toByteArray();
      put(out, 0x0008, integrity(b, b.length, password));
    }
    byte[] b = out.toByteArray();
    ByteBuffer.wrap(b).putShort(2, (short) (b.length + 8 - 20));
    put(out, 0x8028, ByteBuffer.allocate(4).putInt(fingerprint(b, b.length)).array());
    b = out.toByteArray();
    ByteBuffer.wrap(b).putShort(2, (short) (b.length - 20));
    return b;
  }

  /** A check as a controlling browser sends it. */
  static byte[] check(String username, String password, boolean nominates) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(0x0006, username.getBytes(StandardCharsets.UTF_8));
    attributes.put(0xc057, new byte[4]);
    attributes.put(0x802a, new byte[8]);
    if (nominates) {
      attributes.put(0x0025, new byte[0]);
    }
    attributes.put(0x0024, new byte[] {110, 0, 1, 2});
    return write(1, "transaction!".getBytes(StandardCharsets.US_ASCII), attributes, password);
  }

  private static void put(ByteArrayOutputStream out, int type, byte[] value) {
    out.writeBytes(
        ByteBuffer.allocate(4).putShort((short) type).putShort((short) value.length).array());
    out.writeBytes(value);
    out.writeBytes(new byte[(4 - value.length % 4) % 4]);
  }

  private static byte[] integrity(byte[] b, int at, String password) {
    byte[] covered = Arrays.copyOf(b, at);
    ByteBuffer.wrap(covered).putShort(2, (short) (at + 24 - 20));
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(covered);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int fingerprint(byte[] b, int at) {
    CRC32 crc = new CRC32();
    crc.update(b, 0, at);
    return (int) crc.getValue() ^ 0x5354554e;
  }
}
