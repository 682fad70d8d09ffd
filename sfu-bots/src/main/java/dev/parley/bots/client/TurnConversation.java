package dev.parley.bots.client;

import dev.parley.core.common.PeerAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of one allocation (RFC 8656) with one peer, who is reached by a channel: asks
 * for it, answers the challenge (RFC 8489 section 9.2), and refreshes it. No socket, no clock.
 * Loop's thread only.
 */
final class TurnConversation {
  /** Who may use the relay, as the server's {@code iceServers} say it. */
  record Account(String username, String password) {
    @Override
    public String toString() {
      return "Account[" + username + "]";
    }
  }

  /** Takes whole STUN messages for the relay. */
  interface Wire {
    void send(byte[] message);
  }

  /** The first channel number (RFC 8656 section 12). */
  static final int CHANNEL = 0x4000;

  /** Half of the shortest lifetime of what is refreshed: permissions live five minutes. */
  static final long REFRESH_NANOS = 150_000_000_000L;

  private static final int ALLOCATE = 0x003;
  private static final int REFRESH = 0x004;
  private static final int CHANNEL_BIND = 0x009;
  private static final int SUCCESS = 0x100;
  private static final int ERROR = 0x110;
  private static final int CLASSES = 0x110;

  private static final int USERNAME = 0x0006;
  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int ERROR_CODE = 0x0009;
  private static final int CHANNEL_NUMBER = 0x000c;
  private static final int XOR_PEER_ADDRESS = 0x0012;
  private static final int REALM = 0x0014;
  private static final int NONCE = 0x0015;
  private static final int REQUESTED_TRANSPORT = 0x0019;

  private static final int UNAUTHORIZED = 401;
  private static final int STALE_NONCE = 438;
  private static final int UDP = 17 << 24;
  private static final int COOKIE = 0x2112_a442;
  private static final int HEADER_BYTES = 20;
  private static final int INTEGRITY_BYTES = 24;
  private static final int MESSAGE_BYTES = 512;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Account account;
  private final PeerAddress peer;
  private final Wire wire;
  private final byte[] transaction = new byte[12];
  private String realm = "";
  private String nonce = "";
  private int asked;
  private int challenges;
  private boolean ready;
  private Optional<String> failure = Optional.empty();

  TurnConversation(Account account, PeerAddress peer, Wire wire) {
    this.account = account;
    this.peer = peer;
    this.wire = wire;
  }

  /** Asks for the allocation. */
  void start() {
    ask(ALLOCATE);
  }

  /** Whether the peer may be sent to by {@link #CHANNEL}. */
  boolean ready() {
    return ready;
  }

  /** Why there will be no allocation; empty as long as there may be one. */
  Optional<String> failure() {
    return failure;
  }

  /** Keeps the allocation, its permission and its channel; to be called every so often. */
  void refresh() {
    if (ready) {
      ask(REFRESH);
    }
  }

  /** Takes a whole STUN message from the relay; what answers nothing is ignored. */
  void onMessage(byte[] bytes, int lengthBytes) {
    ByteBuffer message = ByteBuffer.wrap(bytes, 0, lengthBytes);
    if (lengthBytes < HEADER_BYTES
        || message.getInt(4) != COOKIE
        || !Arrays.equals(bytes, 8, HEADER_BYTES, transaction, 0, transaction.length)) {
      return;
    }
    int type = message.getShort(0);
    if ((type & ~CLASSES) != asked) {
      return;
    }
    if ((type & CLASSES) == SUCCESS) {
      challenges = 0;
      next();
    } else if ((type & CLASSES) == ERROR) {
      refused(message);
    }
  }

  private void next() {
    switch (asked) {
      case ALLOCATE, REFRESH -> ask(CHANNEL_BIND);
      default -> ready = true;
    }
  }

  private void refused(ByteBuffer message) {
    int code = 0;
    ByteBuffer attributes = message.position(HEADER_BYTES).slice();
    while (attributes.remaining() >= 4) {
      int type = attributes.getShort() & 0xffff;
      int length = attributes.getShort() & 0xffff;
      if (length + 3 >>> 2 << 2 > attributes.remaining()) {
        break;
      }
      byte[] value = new byte[length];
      attributes.get(value).position(attributes.position() + (-length & 3));
      switch (type) {
        case ERROR_CODE -> code = length < 4 ? 0 : value[2] * 100 + value[3];
        case REALM -> realm = new String(value, StandardCharsets.UTF_8);
        case NONCE -> nonce = new String(value, StandardCharsets.UTF_8);
        default -> {}
      }
    }
    if ((code == UNAUTHORIZED || code == STALE_NONCE) && challenges++ == 0) {
      ask(asked);
    } else {
      ready = false;
      failure = Optional.of("the relay answered " + code);
    }
  }

  private void ask(int method) {
    asked = method;
    RANDOM.nextBytes(transaction);
    ByteBuffer message = ByteBuffer.allocate(MESSAGE_BYTES);
    message.putShort((short) method).putShort((short) 0).putInt(COOKIE).put(transaction);
    switch (method) {
      case ALLOCATE -> number(message, REQUESTED_TRANSPORT, UDP);
      case CHANNEL_BIND -> {
        number(message, CHANNEL_NUMBER, CHANNEL << 16);
        peer(message);
      }
      default -> {}
    }
    if (!nonce.isEmpty()) {
      text(message, USERNAME, account.username());
      text(message, REALM, realm);
      text(message, NONCE, nonce);
      seal(message);
    }
    message.putShort(2, (short) (message.position() - HEADER_BYTES));
    byte[] whole = new byte[message.flip().remaining()];
    message.get(whole);
    wire.send(whole);
  }

  private static void number(ByteBuffer message, int type, int value) {
    message.putShort((short) type).putShort((short) 4).putInt(value);
  }

  private static void text(ByteBuffer message, int type, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    message.putShort((short) type).putShort((short) bytes.length).put(bytes);
    message.position(message.position() + (-bytes.length & 3));
  }

  /** RFC 8489 section 14.2. */
  private void peer(ByteBuffer message) {
    byte[] address = peer.toInet().getAddress().getAddress();
    byte[] mask = ByteBuffer.allocate(16).putInt(COOKIE).put(transaction).array();
    message.putShort((short) XOR_PEER_ADDRESS).putShort((short) (4 + address.length));
    message.putShort((short) (address.length == 4 ? 1 : 2));
    message.putShort((short) (peer.port() ^ COOKIE >>> 16));
    for (int i = 0; i < address.length; i++) {
      message.put((byte) (address[i] ^ mask[i]));
    }
  }

  /** The length counts the attribute that seals (RFC 8489 section 14.5). */
  private void seal(ByteBuffer message) {
    int end = message.position();
    message.putShort(2, (short) (end + INTEGRITY_BYTES - HEADER_BYTES));
    try {
      byte[] key =
          MessageDigest.getInstance("MD5")
              .digest(
                  "%s:%s:%s"
                      .formatted(account.username(), realm, account.password())
                      .getBytes(StandardCharsets.UTF_8));
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      mac.update(message.duplicate().flip());
      message.putShort((short) MESSAGE_INTEGRITY).putShort((short) 20).put(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has MD5 and HMAC-SHA1", e);
    }
  }
}
