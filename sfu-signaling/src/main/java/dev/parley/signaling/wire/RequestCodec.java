package dev.parley.signaling.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads request frames. What is wrong comes back as a value that names the field; nothing is thrown
 * for bad input. Any thread.
 */
public final class RequestCodec {
  /** Names of rooms, in frames and in paths. */
  public static final Pattern ROOM = Pattern.compile("^[A-Za-z0-9_.-]{1,64}$");

  public static final Pattern PARTICIPANT_ID = Pattern.compile("^pa_[A-Za-z0-9]{1,61}$");
  public static final int MAX_DISPLAY_NAME = 64;

  /** A MID is a token of RFC 8843; browsers use one to three characters. */
  private static final Pattern MID = Pattern.compile("^[A-Za-z0-9_.+-]{1,32}$");

  /** RFC 8839, section 5.4. */
  private static final Pattern ICE_UFRAG = Pattern.compile("^[A-Za-z0-9+/]{4,256}$");

  private static final Pattern ICE_PWD = Pattern.compile("^[A-Za-z0-9+/]{22,256}$");

  private static final int MAX_CHAT = 2000;
  private static final int MAX_PAYLOAD = 16 << 10;
  private static final int MAX_STATS = 16 << 10;
  private static final int MAX_PASSWORD = 128;
  private static final int MAX_ADMIT_TOKEN = 128;
  private static final int MAX_CANDIDATES = 64;
  private static final int MAX_CANDIDATE = 512;
  private static final int MAX_TOKEN = 8192;
  private static final int MAX_LABEL = 128;
  private static final int MAX_TRACKS = 16;
  private static final int MAX_VIDEO_WISHES = 100;
  private static final int MAX_PIXELS = 16384;
  private static final long MAX_ID = 1L << 53;

  static final Map<String, TrackSource> SOURCES = sources();
  private static final Map<String, ViewWish.Layout> LAYOUTS =
      words(
          "grid", ViewWish.Layout.GRID,
          "speaker", ViewWish.Layout.SPEAKER,
          "none", ViewWish.Layout.NONE);

  /** The largest values a client may ask for. */
  public record Bounds(int sdpBytes, int audioSlots, int videoSlots) {}

  private final Bounds bounds;
  private final Map<String, Function<Fields, Request>> readers = new LinkedHashMap<>();

  public RequestCodec(Bounds bounds) {
    this.bounds = bounds;
    readers.put(Request.Hello.TYPE, RequestCodec::hello);
    readers.put("ping", fields -> new Request.Ping(fields.requiredNumber("t")));
    readers.put("join", this::join);
    readers.put("leave", fields -> new Request.Leave());
    readers.put("room.switch", this::switchRoom);
    readers.put("view", RequestCodec::view);
    readers.put("track.update", RequestCodec::trackUpdate);
    readers.put("negotiate", this::negotiate);
    readers.put("ice.restart", RequestCodec::iceRestart);
    readers.put("ice.candidates", RequestCodec::iceCandidates);
    readers.put("participant.update", RequestCodec::participantUpdate);
    readers.put("chat.send", RequestCodec::chatSend);
    readers.put("data.send", RequestCodec::dataSend);
    readers.put("stats", fields -> new Request.Stats(fields.json(MAX_STATS)));
    readers.put(
        "timer.ask",
        fields ->
            new Request.TimerAsk(
                fields.requiredInteger("sec", 1, ModeratorReaders.LONGEST_SEC),
                fields.plainText("text", ModeratorReaders.MAX_TEXT).orElse("")));
    readers.put("bye", fields -> new Request.Bye());
    ModeratorReaders.addTo(readers);
  }

  public Decoded decode(String text) {
    JsonNode frame;
    try {
      frame = WireJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return new Decoded.Malformed("not JSON: " + PlainText.of(e.getOriginalMessage()));
    }
    if (!frame.isObject()) {
      return new Decoded.Malformed("not a JSON object");
    }
    JsonNode type = frame.path("type");
    JsonNode id = frame.path("id");
    String typeName = type.isTextual() ? type.textValue() : "";
    if (!id.isIntegralNumber()
        || !id.canConvertToLong()
        || id.longValue() < 0
        || id.longValue() > MAX_ID) {
      return new Decoded.Refused(
          OptionalLong.empty(),
          typeName,
          Refusal.badField("id", "an integer from 0 to 9007199254740992"));
    }
    OptionalLong knownId = OptionalLong.of(id.longValue());
    if (!type.isTextual()) {
      return new Decoded.Refused(knownId, "", Refusal.badField("type", "a string"));
    }
    Function<Fields, Request> reader = readers.get(typeName);
    if (reader == null) {
      String shown = PlainText.of(typeName.length() > 40 ? typeName.substring(0, 40) : typeName);
      return new Decoded.Refused(
          knownId,
          typeName,
          Refusal.of(ErrorCode.UNKNOWN_TYPE, "this server has no request " + shown));
    }
    Fields fields = Fields.of(frame.get("data"));
    Request request = reader.apply(fields);
    return fields
        .refusal()
        .<Decoded>map(refusal -> new Decoded.Refused(knownId, typeName, refusal))
        .orElseGet(() -> new Decoded.Accepted(id.longValue(), request));
  }

  private static Request hello(Fields fields) {
    Fields client = fields.object("client");
    return new Request.Hello(
        fields.requiredIntegers("versions", 16),
        fields.text("token", MAX_TOKEN),
        new Request.ClientInfo(
            client.plainText("sdk", 64).orElse(""),
            client.plainText("version", 64).orElse(""),
            client.plainText("platform", 128).orElse(""),
            client.flag("mobile").orElse(false)),
        fields.has("resume") ? Optional.of(resume(fields.object("resume"))) : Optional.empty());
  }

  private static Request.Resume resume(Fields earlier) {
    return new Request.Resume(
        earlier.requiredText("sessionId", 64),
        earlier.requiredText("resumeToken", 256),
        earlier.requiredInteger("lastSeq", 0, Integer.MAX_VALUE));
  }

  private Request join(Fields fields) {
    Optional<String> sdp = sdp(fields);
    List<Request.TrackOffer> tracks =
        fields.objects("tracks", MAX_TRACKS, RequestCodec::trackOffer);
    if (sdp.isEmpty() && !tracks.isEmpty()) {
      fields.complain("tracks", "no tracks, since there is no sdp to carry them");
    }
    if (tracks.stream().map(Request.TrackOffer::mid).distinct().count() < tracks.size()) {
      fields.complain("tracks", "each mid at most once");
    }
    if (tracks.stream().map(Request.TrackOffer::source).distinct().count() < tracks.size()) {
      fields.complain("tracks", "each source at most once");
    }
    slots(fields);
    return new Request.Join(
        fields.requiredMatch("room", ROOM),
        displayName(fields),
        attributes(fields),
        sdp,
        tracks,
        fields.text("password", MAX_PASSWORD),
        fields.text("admitToken", MAX_ADMIT_TOKEN));
  }

  private static Optional<String> displayName(Fields fields) {
    return fields.plainText("displayName", MAX_DISPLAY_NAME).filter(name -> !name.isEmpty());
  }

  private static Map<String, String> attributes(Fields fields) {
    return fields.texts("attributes", 32, 64, 256);
  }

  /** What is published goes along, so tracks are looked at but not needed. */
  private Request switchRoom(Fields fields) {
    if (fields.has("sdp")) {
      fields.complain("sdp", "nothing: the connection stays as it is");
    }
    List<Request.TrackOffer> unused =
        fields.objects("tracks", MAX_TRACKS, RequestCodec::trackOffer);
    slots(fields);
    return new Request.SwitchRoom(
        new Request.Join(
            fields.requiredMatch("room", ROOM),
            displayName(fields),
            attributes(fields),
            Optional.empty(),
            List.of(),
            fields.text("password", MAX_PASSWORD),
            fields.text("admitToken", MAX_ADMIT_TOKEN)));
  }

  private static Request iceRestart(Fields fields) {
    return new Request.IceRestart(
        fields.requiredInteger("gen", 1, Integer.MAX_VALUE),
        fields.requiredMatch("ufrag", ICE_UFRAG),
        fields.requiredMatch("pwd", ICE_PWD));
  }

  private static Request iceCandidates(Fields fields) {
    return new Request.IceCandidates(
        fields.requiredInteger("gen", 1, Integer.MAX_VALUE),
        fields.strings("candidates", MAX_CANDIDATES, MAX_CANDIDATE),
        fields.flag("end").orElse(false));
  }

  private static Request participantUpdate(Fields fields) {
    return new Request.ParticipantUpdate(displayName(fields), attributes(fields));
  }

  private static Request chatSend(Fields fields) {
    return new Request.ChatSend(
        fields.requiredProse("text", MAX_CHAT),
        fields.match("to", PARTICIPANT_ID),
        fields.text("clientMsgId", 64));
  }

  private static Request dataSend(Fields fields) {
    return new Request.DataSend(
        fields.match("to", PARTICIPANT_ID),
        fields.text("topic", 64),
        fields.requiredJson("payload", MAX_PAYLOAD));
  }

  private static Optional<Request.TrackOffer> trackOffer(Fields track) {
    String mid = track.requiredMatch("mid", MID);
    boolean muted = track.flag("muted").orElse(false);
    String label = track.plainText("label", MAX_LABEL).orElse("");
    return track
        .requiredWord("source", SOURCES)
        .map(source -> new Request.TrackOffer(mid, source, muted, label));
  }

  private static Request trackUpdate(Fields fields) {
    return new Request.TrackUpdate(
        fields.requiredMatch("mid", MID),
        fields.flag("active"),
        fields.flag("muted"),
        fields.word("source", SOURCES),
        fields.plainText("label", MAX_LABEL),
        fields.integer("width", 0, MAX_PIXELS),
        fields.integer("height", 0, MAX_PIXELS));
  }

  private static Request view(Fields fields) {
    List<ViewWish.VideoWish> video =
        fields.objects(
            "video",
            MAX_VIDEO_WISHES,
            wish -> {
              String participantId = wish.requiredMatch("participantId", PARTICIPANT_ID);
              int width = wish.integer("width", 0, MAX_PIXELS).orElse(0);
              int height = wish.integer("height", 0, MAX_PIXELS).orElse(0);
              int priority = wish.integer("priority", 0, 1000).orElse(0);
              boolean pinned = wish.flag("pinned").orElse(false);
              return wish.requiredWord("source", SOURCES)
                  .map(source ->
                      new ViewWish.VideoWish(
                          participantId, source, width, height, priority, pinned));
            });
    OptionalInt maxVideo = fields.integer("maxVideo", 0, Integer.MAX_VALUE);
    return new Request.View(
        new ViewWish(
            fields.word("layout", LAYOUTS).orElse(ViewWish.Layout.GRID),
            video,
            fields.integer("defaultHeight", 0, MAX_PIXELS).orElse(0),
            maxVideo.orElse(Integer.MAX_VALUE),
            fields.word("audio", words("auto", true, "none", false)).orElse(true),
            Optional.empty()));
  }

  private Request negotiate(Fields fields) {
    if (!fields.has("sdp")) {
      fields.complain("sdp", sdpText());
    }
    slots(fields);
    return new Request.Negotiate(
        fields.requiredInteger("gen", 1, Integer.MAX_VALUE), sdp(fields).orElse(""));
  }

  private Optional<String> sdp(Fields fields) {
    Optional<String> sdp = fields.text("sdp", bounds.sdpBytes());
    if (sdp.isPresent() && sdp.get().isBlank()) {
      fields.complain("sdp", sdpText());
    }
    return sdp;
  }

  private String sdpText() {
    return "an offer of at most " + bounds.sdpBytes() + " characters";
  }

  /** The count is checked early; what the offer really holds is checked against the answer. */
  private void slots(Fields fields) {
    Fields slots = fields.object("slots");
    slots.integer("audio", 0, bounds.audioSlots());
    slots.integer("video", 0, bounds.videoSlots());
  }

  private static Map<String, TrackSource> sources() {
    Map<String, TrackSource> sources = new LinkedHashMap<>();
    for (TrackSource source : TrackSource.values()) {
      sources.put(source.wireName(), source);
    }
    return sources;
  }

  private static <T> Map<String, T> words(String a, T first, String b, T second) {
    Map<String, T> words = new LinkedHashMap<>();
    words.put(a, first);
    words.put(b, second);
    return words;
  }

  private static <T> Map<String, T> words(
      String a, T first, String b, T second, String c, T third) {
    Map<String, T> words = words(a, first, b, second);
    words.put(c, third);
    return words;
  }
}
