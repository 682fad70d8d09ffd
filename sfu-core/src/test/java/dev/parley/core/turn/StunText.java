package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A client's side of STUN, written apart from the server's: requests out, answers in. */
public final class StunText {
  private static final int COOKIE = 0x2112_a442;

  private StunText() {}

  /** A message under construction. */
  public static final class Builder {
    private final int type;
    private final byte[] transaction;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    public Builder(int type, String transaction) {
      this.type = type;
      this.transaction = transaction.getBytes(StandardCharsets.US_ASCII);
    }

    public Builder bytes(int attribute, byte... value) {
      body.writeBytes(
          ByteBuffer.allocate(4)
              .putShort((short) attribute)
              .putShort((short) value.length)
              .array());
      body.writeBytes(value);
      body.writeBytes(new byte[-value.length & 3]);
      return this;
    }

    public Builder number(int attribute, int value) {
      return bytes(attribute, ByteBuffer.allocate(4).putInt(value).array());
    }

    public Builder text(int attribute, String value) {
      return bytes(attribute, value.getBytes(StandardCharsets.UTF_8));
    }

    public Builder peer(PeerAddress peer) {
      byte[] pad = ByteBuffer.allocate(16).putInt(COOKIE).put(transaction).array();
      byte[] ip = peer.toInet().getAddress().getAddress();
      for (int i = 0; i < ip.length; i++) {
        ip[i] ^= pad[i];
      }
      return bytes(
          0x0012,
          ByteBuffer.allocate(4 + ip.length)
              .put((byte) 0)
              .put((byte) (ip.length == 4 ? 1 : 2))
              .putShort((short) (peer.port() ^ COOKIE >>> 16))
              .put(ip)
              .array());
    }

    /** Without integrity. */
    public byte[] plain() {
      return message(body.size());
    }

    /** The header and the attributes; the length field says {@code length}. */
    private byte[] message(int length) {
      byte[] message = new byte[20 + body.size()];
      ByteBuffer.wrap(message)
          .putShort((short) type)
          .putShort((short) length)
          .putInt(COOKIE)
          .put(transaction)
          .put(body.toByteArray());
      return message;
    }

    /** With USERNAME, REALM, NONCE and MESSAGE-INTEGRITY. */
    public byte[] sealed(String username, String password, String realm, String nonce) {
      text(0x0006, username).text(0x0014, realm).text(0x0015, nonce);
      byte[] integrity =
          hmac(md5(username + ":" + realm + ":" + password), message(body.size() + 24));
      return bytes(0x0008, integrity).plain();
    }
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a message says. */
  public record Read(int type, Map<Integer, byte[]> attributes) {
    /** 0 where there is none. */
    public int error() {
      byte[] code = attributes.get(0x0009);
      return code == null ? 0 : code[2] * 100 + code[3];
    }

    public String text(int attribute) {
      return new String(value(attribute), StandardCharsets.UTF_8);
    }

    public int number(int attribute) {
      return ByteBuffer.wrap(value(attribute)).getInt();
    }

    public byte[] value(int attribute) {
      byte[] value = attributes.get(attribute);
      if (value == null) {
        throw new AssertionError("no attribute " + Integer.toHexString(attribute) + " in " + this);
      }
      return value;
    }

    /** An IPv4 one. */
    public PeerAddress address(int attribute) {
      ByteBuffer value = ByteBuffer.wrap(value(attribute));
      int port = value.getShort(2) & 0xffff ^ COOKIE >>> 16;
      return PeerAddress.ofV4(value.getInt(4) ^ COOKIE, port);
    }
  }

  public static Read read(byte[] message) {
    ByteBuffer b = ByteBuffer.wrap(message);
    int type = b.getShort();
    int end = 20 + (b.getShort() & 0xffff);
    if (end != message.length || b.getInt() != COOKIE) {
      throw new AssertionError("no whole STUN message of " + message.length + " bytes");
    }
    Map<Integer, byte[]> attributes = new HashMap<>();
    b.position(20);
    while (b.position() < end) {
      int attribute = b.getShort() & 0xffff;
      byte[] value = new byte[b.getShort() & 0xffff];
      b.get(value).position(b.position() + (-value.length & 3));
      attributes.put(attribute, value);
    }
    return new Read(type, attributes);
  }
}
