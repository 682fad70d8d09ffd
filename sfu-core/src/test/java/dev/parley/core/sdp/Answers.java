package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server's side for tests. */
final class Answers {
  static final String SHA_256 =
      "AC:86:29:6E:A0:4A:28:82:4C:54:22:6C:4F:E9:A8:90:D3:D5:77:C5:1E:1A:CD:44:B5:DB:14:3A:AE:16:49:BE";

  static final LocalParameters SERVER =
      new LocalParameters(
          "server01",
          "0123456789abcdef01234567",
          "sha-256",
          SHA_256,
          List.of(
              Candidate.udpHost("1", 2_130_706_431L, "192.0.2.1", 10_000),
              Candidate.tcpPassiveHost("2", 2_105_458_943L, "192.0.2.1", 10_000)),
          "parley",
          "4611686018427387904",
          1);

  static final LocalParameters CLIENT =
      new LocalParameters(
          "client01", "abcdef0123456789abcdef01", "sha-256", SHA_256, List.of(), "bot", "7", 1);

  private Answers() {}

  static NegotiatedSession to(String offer) {
    return new SdpAnswerer(AnswerPolicy.standard())
        .answer(SdpReader.read(offer), SERVER, counting());
  }

  static String message(MediaException e) {
    return String.valueOf(e.getMessage());
  }

  /** Gives each new slot the next SSRC, from 1000, and the next for retransmissions, from 2000. */
  static SlotSsrcs counting() {
    Map<String, Long> known = new HashMap<>();
    Map<String, Long> rtx = new HashMap<>();
    return new SlotSsrcs() {
      @Override
      public long ssrcOf(String mid) {
        return known.computeIfAbsent(mid, m -> 1000L + known.size());
      }

      @Override
      public long rtxSsrcOf(String mid) {
        return rtx.computeIfAbsent(mid, m -> 2000L + rtx.size());
      }
    };
  }

  /** Gives every slot and purpose the same SSRC, against the contract. */
  static SlotSsrcs sharing(long ssrc) {
    return new SlotSsrcs() {
      @Override
      public long ssrcOf(String mid) {
        return ssrc;
      }

      @Override
      public long rtxSsrcOf(String mid) {
        return ssrc;
      }
    };
  }
}
