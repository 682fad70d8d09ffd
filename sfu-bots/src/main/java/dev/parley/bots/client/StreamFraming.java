package dev.parley.bots.client;

import dev.parley.core.common.PeerAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How packets lie in a TCP connection. Loop's thread only. */
interface StreamFraming {
  /** Takes what arrives. */
  interface Packets {
    /** Borrows the bytes, and may overwrite them. */
    void onPacket(byte[] bytes, int lengthBytes);
  }

  /** Called when the connection is open, with nothing sent yet. */
  void opened(ByteBuffer out);

  /** Appends a packet; false when it does not fit, and is dropped. */
  boolean put(ByteBuffer packet, ByteBuffer out);

  /**
   * Takes the first message of {@code in}, and answers it in {@code out} where it wants an answer.
   *
   * @param scratch for the packet
   * @return false when no message is whole
   */
  boolean take(ByteBuffer in, ByteBuffer out, byte[] scratch, Packets packets);

  /** Does what falls due; returns whether that was anything. */
  boolean handleTimeout(long nowNanos, ByteBuffer out);

  /** Why no packet will pass; empty as long as one may. */
  default Optional<String> refusal() {
    return Optional.empty();
  }

  /** Each packet behind its length (RFC 4571), as ICE-TCP has it. */
  final class Lengths implements StreamFraming {
    private static final int HEADER_BYTES = 2;

    @Override
    public void opened(ByteBuffer out) {}

    @Override
    public boolean put(ByteBuffer packet, ByteBuffer out) {
      if (out.remaining() < HEADER_BYTES + packet.remaining()) {
        return false;
      }
      out.putShort((short) packet.remaining()).put(packet);
      return true;
    }

    @Override
    public boolean take(ByteBuffer in, ByteBuffer out, byte[] scratch, Packets packets) {
      if (in.remaining() < HEADER_BYTES) {
        return false;
      }
      int length = in.getShort(in.position()) & 0xffff;
      if (in.remaining() < HEADER_BYTES + length) {
        return false;
      }
      in.getShort();
      if (length > scratch.length) {
        // No packet of ours is so long: it is passed over.
        in.position(in.position() + length);
      } else {
        in.get(scratch, 0, length);
        packets.onPacket(scratch, length);
      }
      return true;
    }

    @Override
    public boolean handleTimeout(long nowNanos, ByteBuffer out) {
      return false;
    }
  }

  /** Through a relay: packets as ChannelData (RFC 8656 section 12.5), beside STUN messages. */
  final class Relayed implements StreamFraming {
    private static final int HEADER_BYTES = 4;
    private static final int STUN_HEADER_BYTES = 20;
    private static final int MOST_WAITING = 16;
    private static final int OUT_BYTES = 1 << 12;

    private final TurnConversation conversation;
    private final ByteBuffer messages = ByteBuffer.allocate(OUT_BYTES);

    /** Packets of before the relay is ready. */
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();

    private long refreshAtNanos = Long.MAX_VALUE;

    Relayed(TurnConversation.Account account, PeerAddress peer) {
      this.conversation = new TurnConversation(account, peer, messages::put);
    }

    @Override
    public void opened(ByteBuffer out) {
      conversation.start();
      flush(out);
    }

    private void flush(ByteBuffer out) {
      messages.flip();
      if (messages.remaining() <= out.remaining()) {
        out.put(messages);
      }
      messages.clear();
    }

    @Override
    public boolean put(ByteBuffer packet, ByteBuffer out) {
      if (conversation.ready()) {
        return wrap(packet, out);
      }
      if (conversation.failure().isPresent() || waiting.size() == MOST_WAITING) {
        return false;
      }
      waiting.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
      return true;
    }

    private static boolean wrap(ByteBuffer packet, ByteBuffer out) {
      int length = packet.remaining();
      if (out.remaining() < HEADER_BYTES + padded(length)) {
        return false;
      }
      out.putShort((short) TurnConversation.CHANNEL).putShort((short) length).put(packet);
      out.position(out.position() + padded(length) - length);
      return true;
    }

    private static int padded(int length) {
      return length + 3 & ~3;
    }

    @Override
    public boolean take(ByteBuffer in, ByteBuffer out, byte[] scratch, Packets packets) {
      if (in.remaining() < HEADER_BYTES) {
        return false;
      }
      int type = in.getShort(in.position()) & 0xffff;
      int length = in.getShort(in.position() + 2) & 0xffff;
      boolean data = type >= TurnConversation.CHANNEL;
      int whole = data ? HEADER_BYTES + padded(length) : STUN_HEADER_BYTES + length;
      if (in.remaining() < whole) {
        return false;
      }
      if (whole > scratch.length) {
        // Nothing that is meant for us is so long: it is passed over.
      } else if (data) {
        in.get(in.position() + HEADER_BYTES, scratch, 0, length);
        packets.onPacket(scratch, length);
      } else {
        in.get(in.position(), scratch, 0, whole);
        converse(scratch, whole, out);
      }
      in.position(in.position() + whole);
      return true;
    }

    private void converse(byte[] message, int lengthBytes, ByteBuffer out) {
      boolean before = conversation.ready();
      conversation.onMessage(message, lengthBytes);
      flush(out);
      if (conversation.ready() && !before) {
        waiting.forEach(packet -> wrap(packet, out));
        waiting.clear();
      }
    }

    @Override
    public Optional<String> refusal() {
      return conversation.failure();
    }

    @Override
    public boolean handleTimeout(long nowNanos, ByteBuffer out) {
      boolean due = nowNanos >= refreshAtNanos;
      if (due || refreshAtNanos == Long.MAX_VALUE) {
        refreshAtNanos = nowNanos + TurnConversation.REFRESH_NANOS;
      }
      if (due) {
        conversation.refresh();
        flush(out);
      }
      return due;
    }
  }
}
