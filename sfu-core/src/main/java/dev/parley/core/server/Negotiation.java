package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession;
import dev.parley.core.codec.Codec;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.room.SendSection;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.sdp.HeaderExtensions;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.NegotiatedCodec;
import dev.parley.core.sdp.NegotiatedSection;
import dev.parley.core.sdp.NegotiatedSession;
import dev.parley.core.sdp.SdpReader;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session has agreed on so far: one more answer each time, the same ICE, DTLS and slots
 * throughout. Any thread, one at a time; parsing an offer takes up to milliseconds, so it is kept
 * off the workers.
 */
final class Negotiation {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long LOCAL_PREFERENCES = 65_535;

  private final SfuServer.Engine engine;
  private final List<Candidate> candidates;
  private final IceCredentials local = IceCredentials.random();
  private final String sessionId = Long.toString(RANDOM.nextLong(1, Long.MAX_VALUE));
  private final Map<String, Long> slotSsrcs = new HashMap<>();
  private final Set<Long> ssrcs = new HashSet<>();
  private final int rtcpSsrc = (int) newSsrc();
  private int generation;
  private @Nullable NegotiatedSession agreed;

  private Negotiation(SfuServer.Engine engine, List<InetSocketAddress> addresses) {
    this.engine = engine;
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      InetSocketAddress address = addresses.get(i);
      // RFC 8445 section 5.1.2.1: type preference of a host, component 1.
      long priority = 126L << 24 | (LOCAL_PREFERENCES - i) << 8 | 255;
      all.add(
          Candidate.udpHost(
              Integer.toString(i + 1),
              priority,
              address.getAddress().getHostAddress(),
              address.getPort()));
    }
    this.candidates = List.copyOf(all);
  }

  /** Answers a first offer; throws {@code MediaException}. */
  static Negotiation begin(String sdp, SfuServer.Engine engine, List<InetSocketAddress> addresses) {
    Negotiation negotiation = new Negotiation(engine, addresses);
    negotiation.answer(0, sdp);
    return negotiation;
  }

  /**
   * Answers a further offer that builds on answer {@code gen}; throws {@code MediaException} and
   * then changes nothing.
   */
  synchronized void answer(int gen, String sdp) {
    if (gen != generation) {
      throw new MediaException(
          MediaException.Code.STALE_GENERATION,
          "the offer builds on answer %d, the last is %d".formatted(gen, generation));
    }
    LocalParameters self =
        new LocalParameters(
            local.ufrag(),
            local.pwd(),
            engine.identity().sha256().algorithm(),
            engine.identity().sha256().value(),
            candidates,
            engine.cname(),
            sessionId,
            generation + 1L);
    agreed = engine.answerer().answer(SdpReader.read(sdp), self, this::slotSsrc);
    generation++;
  }

  private long slotSsrc(String mid) {
    return slotSsrcs.computeIfAbsent(mid, m -> newSsrc());
  }

  private long newSsrc() {
    long ssrc;
    do {
      ssrc = RANDOM.nextInt() & 0xffff_ffffL;
    } while (ssrc == 0 || !ssrcs.add(ssrc));
    return ssrc;
  }

  IceCredentials local() {
    return local;
  }

  int rtcpSsrc() {
    return rtcpSsrc;
  }

  synchronized IceCredentials remote() {
    NegotiatedSession now = session();
    return new IceCredentials(now.remoteUfrag(), now.remotePwd());
  }

  synchronized List<DtlsFingerprint> remoteFingerprints() {
    return session().remoteFingerprints().stream()
        .map(f -> new DtlsFingerprint(f.algorithm(), f.value()))
        .toList();
  }

  synchronized MediaSession.Answer answer() {
    return new MediaSession.Answer(
        session().answerSdp(),
        generation,
        session().sections().stream()
            .map(s -> new MediaSession.Section(s.mid(), s.kind(), s.direction()))
            .toList());
  }

  /** Where the participant may publish. */
  synchronized List<SendSection> sendSections() {
    List<SendSection> all = new ArrayList<>();
    for (NegotiatedSection section : session().sections()) {
      if (section.direction() == MediaSession.Direction.SEND) {
        all.add(
            new SendSection(
                section.mid(),
                section.kind(),
                extension(section, HeaderExtensions.MID),
                formats(section),
                section.announcedSsrcs().stream().map(Long::intValue).toList()));
      }
    }
    return all;
  }

  private static List<PublishedTrack.Format> formats(NegotiatedSection section) {
    List<PublishedTrack.Format> formats = new ArrayList<>();
    for (NegotiatedCodec negotiated : section.codecs()) {
      Codec codec = Codec.ofSdpName(negotiated.name());
      if (codec != null) {
        formats.add(
            new PublishedTrack.Format(
                codec,
                negotiated.payloadType(),
                extension(section, HeaderExtensions.AUDIO_LEVEL),
                extension(section, HeaderExtensions.VIDEO_ORIENTATION)));
      }
    }
    return formats;
  }

  /** What a slot is made of. */
  record SlotPlan(
      String mid,
      boolean audio,
      int ssrc,
      Map<Codec, Integer> payloadTypes,
      int midId,
      int audioLevelId,
      int orientationId) {}

  /** The slots, in the order of the offer. */
  synchronized List<SlotPlan> slots() {
    List<SlotPlan> all = new ArrayList<>();
    for (NegotiatedSection section : session().sections()) {
      if (section.direction() == MediaSession.Direction.RECEIVE) {
        Map<Codec, Integer> payloadTypes = new EnumMap<>(Codec.class);
        for (NegotiatedCodec negotiated : section.codecs()) {
          Codec codec = Codec.ofSdpName(negotiated.name());
          if (codec != null) {
            payloadTypes.putIfAbsent(codec, negotiated.payloadType());
          }
        }
        all.add(
            new SlotPlan(
                section.mid(),
                section.kind() == MediaKind.AUDIO,
                (int) section.slotSsrc(),
                payloadTypes,
                extension(section, HeaderExtensions.MID),
                extension(section, HeaderExtensions.AUDIO_LEVEL),
                extension(section, HeaderExtensions.VIDEO_ORIENTATION)));
      }
    }
    return all;
  }

  private static int extension(NegotiatedSection section, String uri) {
    return section.extensions().getOrDefault(uri, 0);
  }

  private NegotiatedSession session() {
    NegotiatedSession now = agreed;
    if (now == null) {
      throw new IllegalStateException("no offer was answered yet");
    }
    return now;
  }
}
