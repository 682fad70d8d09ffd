package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import dev.parley.core.api.MediaKind;
import dev.parley.core.sdp.AnswerPolicy.CodecRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes codecs and their retransmissions, and keeps the payload types of the bundle: a number means
 * the same in all sections (RFC 9143 section 9.1), with the parameters of its first one.
 */
final class CodecNegotiator {
  private final AnswerPolicy policy;
  private final Map<Integer, NegotiatedCodec> codecOf = new HashMap<>();
  private final Map<Integer, Integer> retransmittedBy = new HashMap<>();

  /**
   * A codec that a section offers.
   *
   * @param position of the first variant that would do, among the section's codecs
   */
  private record Choice(CodecRule rule, Codec codec, int position) {}

  CodecNegotiator(AnswerPolicy policy) {
    this.policy = policy;
  }

  /**
   * In a slot in the server's order, else in the participant's, so that it publishes in the codec
   * it wants.
   *
   * @param transportCc whether the section has what transport-wide feedback needs
   */
  List<NegotiatedCodec> negotiate(MediaDescription offered, boolean transportCc) {
    List<Choice> choices = new ArrayList<>();
    for (CodecRule rule : policy.codecs()) {
      if (rule.kind() == offered.kind()) {
        choice(offered, rule, choices).ifPresent(choices::add);
      }
    }
    if (offered.direction() != Direction.RECVONLY) {
      choices.sort(Comparator.comparingInt(Choice::position));
    }
    return choices.stream().map(c -> take(offered, c, transportCc)).toList();
  }

  private static Optional<Choice> choice(
      MediaDescription offered, CodecRule rule, List<Choice> before) {
    Optional<Choice> best = Optional.empty();
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i < offered.codecs().size(); i++) {
      Codec codec = offered.codecs().get(i);
      int rank = CodecProfiles.rank(codec.name(), codec.fmtp());
      if (rule.takes(codec)
          && rank != CodecProfiles.NONE
          && rank < bestRank
          && (!rule.redundancy() || repeatsOneOf(before, codec))) {
        int first = best.map(Choice::position).orElse(i);
        best = Optional.of(new Choice(rule, codec, first));
        bestRank = rank;
      }
    }
    return best;
  }

  /** {@code a=fmtp:63 111/111}: the same taken payload type throughout. */
  private static boolean repeatsOneOf(List<Choice> taken, Codec redundancy) {
    if (redundancy.fmtp().size() != 1) {
      return false;
    }
    List<String> blocks = SdpLine.split(redundancy.fmtp().keySet().iterator().next(), '/');
    return taken.stream()
        .map(c -> Integer.toString(c.codec().payloadType()))
        .anyMatch(
            payloadType -> blocks.size() > 1 && blocks.stream().allMatch(payloadType::equals));
  }

  private NegotiatedCodec take(MediaDescription offered, Choice choice, boolean transportCc) {
    Codec codec = choice.codec();
    CodecRule rule = choice.rule();
    Map<String, String> fmtp = new LinkedHashMap<>(codec.fmtp());
    if (!rule.redundancy()) {
      fmtp.keySet().retainAll(rule.keptParameters());
    }
    fmtp.putAll(rule.addedParameters());
    Set<String> feedback = new LinkedHashSet<>(codec.rtcpFeedback());
    feedback.retainAll(rule.feedback());
    if (!transportCc) {
      feedback.remove(AnswerPolicy.TRANSPORT_CC);
    }
    int payloadType = codec.payloadType();
    NegotiatedCodec known = codecOf.get(payloadType);
    if (retransmittedBy.containsKey(payloadType)
        || (known != null && !same(known, rule, codec.name(), fmtp))) {
      String before = known == null ? "RTX" : known.name();
      throw conflict(offered, payloadType, before, codec.name());
    }
    NegotiatedCodec negotiated =
        new NegotiatedCodec(
            known == null ? codec.name() : known.name(),
            payloadType,
            codec.clockRate(),
            codec.channels(),
            known == null ? fmtp : known.fmtp(),
            feedback,
            rtx(offered, codec));
    codecOf.putIfAbsent(payloadType, negotiated);
    return negotiated;
  }

  /** Levels and hints may differ. */
  private static boolean same(
      NegotiatedCodec known, CodecRule rule, String name, Map<String, String> fmtp) {
    return known.name().equalsIgnoreCase(name)
        && CodecProfiles.rank(name, known.fmtp()) == CodecProfiles.rank(name, fmtp)
        && (!rule.redundancy() || known.fmtp().equals(fmtp));
  }

  /** The payload type of the codec's retransmissions, or 0. Browsers retransmit no audio. */
  private int rtx(MediaDescription offered, Codec codec) {
    int rtx = codec.rtxPayloadType().orElse(0);
    boolean usable =
        rtx != 0
            && offered.kind() == MediaKind.VIDEO
            && !CodecRule.collidesWithRtcp(rtx)
            && offered.codecs().stream()
                .anyMatch(c -> c.payloadType() == rtx && c.clockRate() == codec.clockRate());
    if (!usable) {
      return 0;
    }
    NegotiatedCodec known = codecOf.get(rtx);
    if (known != null) {
      throw conflict(offered, rtx, known.name(), "RTX");
    }
    int before = retransmittedBy.getOrDefault(rtx, codec.payloadType());
    if (before != codec.payloadType()) {
      throw conflict(offered, rtx, "RTX of " + before, "RTX of " + codec.payloadType());
    }
    retransmittedBy.put(rtx, before);
    return rtx;
  }

  private static MediaException conflict(
      MediaDescription offered, int payloadType, String before, String now) {
    return new MediaException(
        Code.SDP_INVALID,
        before.equalsIgnoreCase(now)
            ? "payload type %d is %s, but in the section on line %d in another profile"
                .formatted(payloadType, before, offered.line())
            : "payload type %d is %s, but in the section on line %d it is %s"
                .formatted(payloadType, before, offered.line(), now));
  }
}
