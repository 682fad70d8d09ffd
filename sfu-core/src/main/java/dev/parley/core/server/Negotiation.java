package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession;
import dev.parley.core.codec.Codec;
import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.room.SendSection;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.sdp.HeaderExtensions;
import dev.parley.core.sdp.IceText;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.NegotiatedCodec;
import dev.parley.core.sdp.NegotiatedSection;
import dev.parley.core.sdp.NegotiatedSession;
import dev.parley.core.sdp.SdpReader;
import dev.parley.core.sdp.SessionDescription;
import dev.parley.core.sdp.SlotSsrcs;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.subscriber.Slot;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a session has agreed on so far: one more answer or ICE restart each time, the same DTLS and
 * slots throughout. Any thread, one at a time; parsing an offer takes up to milliseconds, so it is
 * kept off the workers.
 */
final class Negotiation implements SlotSsrcs {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MAX_REMOTE_CANDIDATES = 128;

  /** Before the first offer was read. */
  private static final IceCredentials UNKNOWN = IceCredentials.random();

  private final SfuServer.Engine engine;
  private final Supplier<List<Candidate>> candidates;
  private final String sessionId = Long.toString(RANDOM.nextLong(1, Long.MAX_VALUE));
  private final Map<String, Long> slotSsrcs = new HashMap<>();
  private final Map<String, Long> slotRtxSsrcs = new HashMap<>();
  private final Set<Long> ssrcs = new HashSet<>();
  private final int rtcpSsrc = (int) newSsrc();
  private final RemoteCandidates remoteCandidates = new RemoteCandidates();
  private int generation;
  private @Nullable NegotiatedSession agreed;
  private volatile Ice ice = new Ice(0, IceCredentials.random(), UNKNOWN);

  /** The credentials of a generation. */
  record Ice(int gen, IceCredentials local, IceCredentials remote) {}

  private Negotiation(SfuServer.Engine engine, Supplier<List<Candidate>> candidates) {
    this.engine = engine;
    this.candidates = candidates;
  }

  /**
   * Answers a first offer; throws {@code MediaException}.
   *
   * @param candidates what answers carry, asked for each of them
   */
  static Negotiation begin(
      String sdp, SfuServer.Engine engine, Supplier<List<Candidate>> candidates) {
    Negotiation negotiation = new Negotiation(engine, candidates);
    negotiation.answer(0, sdp);
    return negotiation;
  }

  /**
   * Answers a further offer that builds on answer {@code gen}; throws {@code MediaException} and
   * then changes nothing. An offer with new credentials restarts ICE (RFC 8839 section 4.4.1.1.1).
   */
  synchronized void answer(int gen, String sdp) {
    requireGeneration(gen, "the offer");
    SessionDescription offer = SdpReader.read(sdp);
    Ice before = ice;
    IceCredentials local = before.local();
    NegotiatedSession next = engine.answerer().answer(offer, self(local), this);
    IceCredentials remote = new IceCredentials(next.remoteUfrag(), next.remotePwd());
    if (agreed != null && !remote.equals(before.remote())) {
      local = IceCredentials.random();
      next = engine.answerer().answer(offer, self(local), this);
    }
    agreed = next;
    generation++;
    ice = new Ice(generation, local, remote);
    offer.media().forEach(section -> section.candidates().forEach(remoteCandidates::add));
  }

  /** Draws new credentials for generation {@code gen + 1}; throws as {@link #answer} does. */
  synchronized MediaSession.LocalIce restart(int gen, String ufrag, String pwd) {
    requireGeneration(gen, "the restart");
    if (!IceText.isUfrag(ufrag) || !IceText.isPwd(pwd)) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST,
          "a ufrag has 4 to 256 ICE characters and a password 22 to 256 (RFC 8839 section 5.4)");
    }
    IceCredentials remote = new IceCredentials(ufrag, pwd);
    if (ufrag.equals(ice.remote().ufrag()) || pwd.equals(ice.remote().pwd())) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST, "an ICE restart needs a new ufrag and a new password");
    }
    generation++;
    Ice next = new Ice(generation, IceCredentials.random(), remote);
    ice = next;
    return new MediaSession.LocalIce(
        generation,
        next.local().ufrag(),
        next.local().pwd(),
        candidates.get().stream().map(Candidate::text).toList());
  }

  /** Reads the client's candidates; throws {@code MediaException} for what is none. */
  synchronized void remoteCandidates(int gen, List<String> texts) {
    requireGeneration(gen, "what the candidates belong to");
    if (texts.size() > MAX_REMOTE_CANDIDATES) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST,
          "%d candidates, at most %d are taken".formatted(texts.size(), MAX_REMOTE_CANDIDATES));
    }
    for (String text : texts) {
      if (!text.isEmpty()) {
        try {
          Candidate.parse(text).ifPresent(remoteCandidates::add);
        } catch (MediaException e) {
          throw new MediaException(
              MediaException.Code.BAD_REQUEST,
              "a candidate does not follow RFC 8839 section 5.1: " + e.getMessage());
        }
      }
    }
  }

  /** What kind of pair media takes to this address, by what the client has told. Any thread. */
  PairKind kindOf(PeerAddress address) {
    PeerPath path = address.path();
    PairKind.Way way = path == null ? PairKind.Way.UDP : path.way();
    return new PairKind(remoteCandidates.typeOf(address, way), way, address.isV4());
  }

  private void requireGeneration(int gen, String what) {
    if (gen != generation) {
      throw new MediaException(
          MediaException.Code.STALE_GENERATION,
          "%s builds on generation %d, the last is %d".formatted(what, gen, generation));
    }
  }

  private LocalParameters self(IceCredentials local) {
    return new LocalParameters(
        local.ufrag(),
        local.pwd(),
        engine.identity().sha256().algorithm(),
        engine.identity().sha256().value(),
        candidates.get(),
        engine.cname(),
        sessionId,
        generation + 1L);
  }

  @Override
  public long ssrcOf(String mid) {
    return slotSsrcs.computeIfAbsent(mid, m -> newSsrc());
  }

  @Override
  public long rtxSsrcOf(String mid) {
    return slotRtxSsrcs.computeIfAbsent(mid, m -> newSsrc());
  }

  private long newSsrc() {
    long ssrc;
    do {
      ssrc = RANDOM.nextInt() & 0xffff_ffffL;
    } while (ssrc == 0 || !ssrcs.add(ssrc));
    return ssrc;
  }

  /** The latest credentials; never waits for an offer that is being read. */
  Ice ice() {
    return ice;
  }

  int rtcpSsrc() {
    return rtcpSsrc;
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
                new SendSection.Ids(
                    extension(section, HeaderExtensions.MID),
                    extension(section, HeaderExtensions.RID),
                    extension(section, HeaderExtensions.REPAIRED_RID),
                    extension(section, HeaderExtensions.TRANSPORT_WIDE_CC)),
                formats(section),
                section.rids(),
                ssrcs(section),
                rtxSsrcs(section)));
      }
    }
    return all;
  }

  /** In the order of quality where the offer tells it. */
  private static List<Integer> ssrcs(NegotiatedSection section) {
    List<Long> announced =
        section.simSsrcs().isEmpty() ? section.announcedSsrcs() : section.simSsrcs();
    return announced.stream().map(Long::intValue).toList();
  }

  private static Map<Integer, Integer> rtxSsrcs(NegotiatedSection section) {
    Map<Integer, Integer> pairs = new HashMap<>();
    section.rtxSsrcs().forEach((media, rtx) -> pairs.put(media.intValue(), rtx.intValue()));
    return pairs;
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
                extension(section, HeaderExtensions.VIDEO_ORIENTATION),
                extension(section, HeaderExtensions.DEPENDENCY_DESCRIPTOR),
                negotiated.rtxPayloadType(),
                negotiated.rtcpFeedback().contains("nack")));
      }
    }
    return formats;
  }

  /**
   * What may protect the packets, best first. Who asks for lost packets again and takes them only
   * as they were gets no AEAD, which must never seal one number twice (RFC 7714 section 8.1).
   */
  synchronized List<SrtpProfile> srtpProfiles() {
    boolean repeats =
        session().sections().stream()
            .filter(s -> s.direction() == MediaSession.Direction.RECEIVE)
            .flatMap(s -> s.codecs().stream())
            .anyMatch(c -> c.rtcpFeedback().contains("nack") && c.rtxPayloadType() == 0);
    return Arrays.stream(SrtpProfile.values()).filter(p -> !repeats || !p.isAead()).toList();
  }

  /** The slots, in the order of the offer. */
  synchronized List<Slot.Settings> slots() {
    List<Slot.Settings> all = new ArrayList<>();
    for (NegotiatedSection section : session().sections()) {
      if (section.direction() == MediaSession.Direction.RECEIVE) {
        Map<Codec, Integer> payloadTypes = new EnumMap<>(Codec.class);
        Map<Codec, Integer> rtxPayloadTypes = new EnumMap<>(Codec.class);
        for (NegotiatedCodec negotiated : section.codecs()) {
          Codec codec = Codec.ofSdpName(negotiated.name());
          if (codec != null) {
            payloadTypes.putIfAbsent(codec, negotiated.payloadType());
            if (negotiated.rtxPayloadType() != 0) {
              rtxPayloadTypes.putIfAbsent(codec, negotiated.rtxPayloadType());
            }
          }
        }
        all.add(
            new Slot.Settings(
                section.mid(),
                section.kind() == MediaKind.AUDIO,
                (int) section.slotSsrc(),
                (int) section.slotRtxSsrc(),
                payloadTypes,
                rtxPayloadTypes,
                extension(section, HeaderExtensions.MID),
                extension(section, HeaderExtensions.AUDIO_LEVEL),
                extension(section, HeaderExtensions.VIDEO_ORIENTATION),
                extension(section, HeaderExtensions.TRANSPORT_WIDE_CC),
                extension(section, HeaderExtensions.DEPENDENCY_DESCRIPTOR)));
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
