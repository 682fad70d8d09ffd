package dev.parley.core.ice;

import dev.parley.core.common.*;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

public final class IceLite {
  public record Settings(long connectTimeoutNanos, long consentTimeoutNanos) {}

  public interface Listener {
    void onValidAddress(PeerAddress a);

    void onSelected(PeerAddress a);

    void onConsentLost();

    void onNeverConnected();
  }

  private final IceCredentials local;
  private final DatagramSink sink;
  private final Listener l;
  private final Counters c;
  private final Settings st;
  private final Set<PeerAddress> valid = new HashSet<>();
  private @Nullable PeerAddress selected;
  private long last;
  private boolean any;

  public IceLite(
      IceCredentials local,
      IceCredentials remote,
      Settings st,
      DatagramSink sink,
      Listener l,
      Counters c,
      long now) {
    this.local = local;
    this.sink = sink;
    this.l = l;
    this.c = c;
    this.st = st;
    last = now;
  }

  private byte[] hmac(byte[] m) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(
          new SecretKeySpec(
              local.pwd().getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(m);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public void handle(byte[] b, int off, int len, PeerAddress from, long now) {
    int at = off + 20, end = off + len, mi = -1;
    boolean use = false;
    while (at + 4 <= end) {
      int t = (b[at] & 255) << 8 | b[at + 1] & 255, n = (b[at + 2] & 255) << 8 | b[at + 3] & 255;
      if (at + 4 + n > end) {
        c.drop(DropReason.STUN_MALFORMED);
        return;
      }
      if (t == 8) mi = at;
      if (t == 0x25) use = true;
      at += 4 + ((n + 3) & ~3);
    }
    if (mi < 0) {
      c.drop(DropReason.STUN_INTEGRITY);
      return;
    }
    byte[] m = java.util.Arrays.copyOfRange(b, off, mi);
    int ml = m.length - 20 + 24;
    m[2] = (byte) (ml >> 8);
    m[3] = (byte) ml;
    byte[] h = hmac(m);
    for (int i = 0; i < 20; i++)
      if (h[i] != b[mi + 4 + i]) {
        c.drop(DropReason.STUN_INTEGRITY);
        return;
      }
    c.increment(Counter.STUN_CHECKS);
    last = now;
    any = true;
    boolean v4 = from.isV4();
    int xl = v4 ? 8 : 20;
    ByteBuffer o = ByteBuffer.allocate(20 + 4 + xl + 24 + 8);
    o.putShort((short) 0x101)
        .putShort((short) (4 + xl + 24))
        .put(b, off + 4, 16)
        .putShort((short) 0x20)
        .putShort((short) xl)
        .put((byte) 0)
        .put((byte) (v4 ? 1 : 2))
        .putShort((short) (from.port() ^ 0x2112));
    if (v4) o.putInt((int) from.low() ^ 0x2112A442);
    else {
      o.putLong(
          from.high()
              ^ (0x2112A442L << 32 | (ByteBuffer.wrap(b, off + 8, 4).getInt() & 0xffffffffL)));
      o.putLong(from.low() ^ ByteBuffer.wrap(b, off + 12, 8).getLong());
    }
    byte[] arr = o.array();
    byte[] h2 = hmac(java.util.Arrays.copyOf(arr, o.position()));
    o.putShort((short) 8).putShort((short) 20).put(h2);
    int total = o.position() - 20 + 8;
    arr[2] = (byte) (total >> 8);
    arr[3] = (byte) total;
    CRC32 crc = new CRC32();
    crc.update(arr, 0, o.position());
    o.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354554e);
    sink.send(arr, 0, o.position(), from);
    if (valid.add(from)) l.onValidAddress(from);
    if (use && !from.equals(selected)) {
      selected = from;
      l.onSelected(from);
    }
  }

  public void onAuthenticatedTraffic(long now) {
    last = now;
  }

  public long nextTimeoutNanos() {
    return last + (any ? st.consentTimeoutNanos() : st.connectTimeoutNanos());
  }

  public void handleTimeout(long now) {
    if (now >= nextTimeoutNanos()) {
      if (any) l.onConsentLost();
      else l.onNeverConnected();
    }
  }
}
