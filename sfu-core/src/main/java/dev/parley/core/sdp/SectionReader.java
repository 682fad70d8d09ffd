package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Collects one section, from its {@code m=} line on. */
final class SectionReader {
  private static final int MAX_FORMATS = 64;
  private static final int MAX_EXTENSIONS = 64;
  private static final int MAX_SSRCS = 64;
  private static final int MAX_SSRC_ATTRIBUTES = 16;
  private static final int MAX_RIDS = 32;
  private static final int MAX_MSIDS = 16;
  private static final int MAX_MID = 64;

  private final SdpLine mLine;
  private final String mediaType;
  private final int port;
  private final String protocol;
  private final List<String> formats;
  private final CodecReader codecs;
  private final TransportReader transport = new TransportReader();
  private String mid = "";
  private Optional<Direction> direction = Optional.empty();
  private final List<ExtensionMap> extensions = new ArrayList<>();
  private boolean allowMixed;
  private boolean rtcpMux;
  private boolean rtcpReducedSize;
  private boolean bundleOnly;
  private final Map<Long, Map<String, String>> ssrcs = new LinkedHashMap<>();
  private final List<SsrcGroup> ssrcGroups = new ArrayList<>();
  private final List<Rid> rids = new ArrayList<>();
  private Optional<Simulcast> simulcast = Optional.empty();
  private final List<String> msids = new ArrayList<>();
  private OptionalInt sctpPort = OptionalInt.empty();
  private OptionalLong maxMessageSize = OptionalLong.empty();

  SectionReader(SdpLine mLine) {
    this.mLine = mLine;
    List<String> words = SdpLine.split(mLine.value(), ' ');
    if (words.size() < 4) {
      throw mLine.invalid("expected m=media port protocol formats");
    }
    mediaType = mLine.token(words.get(0), 32, "the media type");
    String ports = words.get(1);
    int slash = ports.indexOf('/');
    port = mLine.integer(slash < 0 ? ports : ports.substring(0, slash), 0, 65_535, "the port");
    protocol = words.get(2);
    formats = words.subList(3, words.size());
    if (formats.size() > MAX_FORMATS) {
      throw mLine.invalid("more than %d formats".formatted(MAX_FORMATS));
    }
    codecs = new CodecReader(MediaDescription.isRtp(protocol) ? payloadTypes() : List.of());
  }

  private List<Integer> payloadTypes() {
    Set<Integer> payloadTypes = new LinkedHashSet<>();
    for (String format : formats) {
      if (!payloadTypes.add(mLine.integer(format, 0, 127, "the payload type"))) {
        throw mLine.invalid("payload type %s twice".formatted(format));
      }
    }
    return List.copyOf(payloadTypes);
  }

  /** Unknown attributes are ignored (RFC 8866 section 5.13). */
  void attribute(SdpLine line) {
    if (transport.read(line)) {
      return;
    }
    switch (line.attribute()) {
      case "mid" -> {
        if (!mid.isEmpty()) {
          throw line.invalid("a second MID of one section");
        }
        mid = line.token(line.argument(), MAX_MID, "the MID");
      }
      case "sendrecv", "sendonly", "recvonly", "inactive" ->
          direction = Direction.of(line.attribute());
      case "rtpmap" -> codecs.rtpmap(line);
      case "fmtp" -> codecs.fmtp(line);
      case "rtcp-fb" -> codecs.rtcpFeedback(line);
      case "extmap" -> line.add(extensions, ExtensionMap.of(line), MAX_EXTENSIONS, "extensions");
      case "extmap-allow-mixed" -> allowMixed = true;
      case "rtcp-mux" -> rtcpMux = true;
      case "rtcp-rsize" -> rtcpReducedSize = true;
      case "bundle-only" -> bundleOnly = true;
      case "ssrc" -> ssrc(line);
      case "ssrc-group" -> ssrcGroup(line);
      case "rid" -> line.add(rids, RidReader.rid(line), MAX_RIDS, "RIDs");
      case "simulcast" -> simulcast = Optional.of(RidReader.simulcast(line));
      case "msid" ->
          line.add(msids, String.join(" ", line.words(1, "a=msid:stream")), MAX_MSIDS, "msids");
      case "sctp-port" ->
          sctpPort = OptionalInt.of(line.integer(line.argument(), 0, 65_535, "the SCTP port"));
      case "max-message-size" ->
          maxMessageSize =
              OptionalLong.of(line.number(line.argument(), 0, 1L << 53, "the message size"));
      default -> {}
    }
  }

  /** {@code a=ssrc:123 cname:x}. */
  private void ssrc(SdpLine line) {
    String id = line.words(1, "a=ssrc:number attribute").get(0);
    Map<String, String> attributes =
        ssrcs.computeIfAbsent(ssrc(line, id), k -> new LinkedHashMap<>());
    if (ssrcs.size() > MAX_SSRCS || attributes.size() >= MAX_SSRC_ATTRIBUTES) {
      throw line.invalid(
          "more than %d SSRCs or %d attributes of one".formatted(MAX_SSRCS, MAX_SSRC_ATTRIBUTES));
    }
    String text = line.argument().substring(id.length()).strip();
    int colon = text.indexOf(':');
    if (!text.isEmpty()) {
      attributes.put(
          colon < 0 ? text : text.substring(0, colon), colon < 0 ? "" : text.substring(colon + 1));
    }
  }

  /** {@code a=ssrc-group:FID 1 2}. */
  private void ssrcGroup(SdpLine line) {
    List<String> words = line.words(1, "a=ssrc-group:semantics numbers");
    List<Long> members = new ArrayList<>();
    for (String id : words.subList(1, words.size())) {
      line.add(members, ssrc(line, id), MAX_SSRCS, "SSRCs in a group");
    }
    line.add(ssrcGroups, new SsrcGroup(words.get(0), members), MAX_SSRCS, "SSRC groups");
  }

  private static long ssrc(SdpLine line, String text) {
    return line.number(text, 0, 0xffff_ffffL, "the SSRC");
  }

  MediaDescription build(SessionAttributes session) {
    List<ExtensionMap> allExtensions = new ArrayList<>(session.extensions());
    allExtensions.addAll(extensions);
    Set<Integer> ids = new LinkedHashSet<>();
    for (ExtensionMap extension : allExtensions) {
      if (!ids.add(extension.id())) {
        throw mLine.invalid("extension id %d twice in the section".formatted(extension.id()));
      }
    }
    return new MediaDescription(
        mLine.number(),
        kind(),
        mediaType,
        port,
        protocol,
        formats,
        mid,
        direction.orElse(session.direction()),
        codecs.build(),
        allExtensions,
        allowMixed || session.allowMixed(),
        transport.build(session.transport()),
        rtcpMux,
        rtcpReducedSize,
        bundleOnly,
        ssrcs.entrySet().stream().map(e -> new SsrcInfo(e.getKey(), e.getValue())).toList(),
        ssrcGroups,
        rids,
        simulcast,
        msids,
        sctpPort,
        maxMessageSize);
  }

  private MediaKind kind() {
    return switch (mediaType) {
      case "audio" -> MediaKind.AUDIO;
      case "video" -> MediaKind.VIDEO;
      default -> MediaKind.APPLICATION;
    };
  }
}
