package dev.parley.bots.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.media.Clip;
import dev.parley.bots.media.ClipFile;
import dev.parley.bots.media.Encoding;
import dev.parley.bots.media.VoiceSource;
import dev.parley.bots.network.LinkConditions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/** Reads a scenario file. One file each. */
public final class ScenarioReader {
  private static final Target LOCAL =
      new Target(
          URI.create("http://127.0.0.1:8080"),
          Optional.of(URI.create("http://127.0.0.1:8081")),
          new Tokens.None());
  private static final List<Encoding> SMALL_CAMERA =
      List.of(new Encoding("q", 320, 180, 15, 150_000), new Encoding("h", 640, 360, 15, 500_000));
  private static final int DEFAULT_FPS = 15;
  private static final int DEFAULT_AUDIO_SLOTS = 3;
  private static final int DEFAULT_VIDEO_SLOTS = 9;
  private static final int DEFAULT_DECRYPT_ONE_IN = 16;

  private final String source;
  private final Path directory;
  private final Function<String, Optional<String>> environment;
  private final YamlTree tree;
  private final List<ScenarioException.Problem> problems = new ArrayList<>();

  private ScenarioReader(
      String source,
      Path directory,
      Function<String, Optional<String>> environment,
      YamlTree tree) {
    this.source = source;
    this.directory = directory;
    this.environment = environment;
    this.tree = tree;
  }

  /**
   * Reads and checks a file.
   *
   * @throws ScenarioException with all that is wrong, by line
   * @throws IOException when it cannot be read
   */
  public static Scenario read(Path file) throws ScenarioException, IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Path absolute = file.toAbsolutePath().normalize();
    return parse(
        file.toString(),
        text,
        Optional.ofNullable(absolute.getParent()).orElse(absolute),
        name -> Optional.ofNullable(System.getenv(name)));
  }

  /**
   * Reads and checks a text.
   *
   * @param source what messages call it
   * @param directory against which its paths are resolved
   * @param environment where secrets are
   * @throws ScenarioException with all that is wrong, by line
   */
  static Scenario parse(
      String source, String text, Path directory, Function<String, Optional<String>> environment)
      throws ScenarioException {
    YamlTree tree = YamlTree.read(source, text);
    List<ScenarioException.Problem> found = new SchemaCheck().check(tree);
    if (!found.isEmpty()) {
      throw new ScenarioException(source, found);
    }
    return new ScenarioReader(source, directory, environment, tree).scenario();
  }

  private Scenario scenario() throws ScenarioException {
    JsonNode root = tree.root();
    Target target = root.has("target") ? target(root.get("target")) : LOCAL;
    Map<String, Profile> profiles = new LinkedHashMap<>();
    root.path("profiles")
        .properties()
        .forEach(p -> profiles.put(p.getKey(), profile(p.getKey(), p.getValue())));
    List<Group> groups = new ArrayList<>();
    root.path("scenarios")
        .properties()
        .forEach(s -> group(s.getKey(), s.getValue(), profiles).ifPresent(groups::add));
    List<Threshold> thresholds = new ArrayList<>();
    for (int i = 0; i < root.path("thresholds").size(); i++) {
      threshold("/thresholds/" + i, root.path("thresholds").get(i)).ifPresent(thresholds::add);
    }
    Duration most = duration(root, "maxDuration", Duration.ofMinutes(10));
    if (most.isZero()) {
      problem("/maxDuration", "a run of no length measures nothing");
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(ScenarioException.Problem::line));
      throw new ScenarioException(source, problems);
    }
    return new Scenario(
        root.path("name").asText(source),
        root.path("seed").asLong(1),
        most,
        target,
        groups,
        thresholds);
  }

  private void problem(String pointer, String text) {
    String where = pointer.isEmpty() ? "" : pointer.substring(1).replace('/', '.') + ": ";
    problems.add(new ScenarioException.Problem(tree.line(pointer), where + text));
  }

  private static Duration duration(JsonNode of, String key, Duration absent) {
    return of.has(key) ? Units.duration(of.get(key).asText()) : absent;
  }

  private Target target(JsonNode node) {
    return new Target(
        URI.create(node.path("url").asText()),
        Optional.of(node.path("admin").asText()).filter(a -> !a.isEmpty()).map(URI::create),
        node.has("token") ? tokens(node.get("token")) : new Tokens.None());
  }

  private Tokens tokens(JsonNode node) {
    boolean isFile = node.has("file");
    long sources = List.of("secretEnv", "secretFile", "file").stream().filter(node::has).count();
    if (sources != 1) {
      problem("/target/token", "give one of secretEnv, secretFile and file");
      return new Tokens.None();
    }
    if (isFile) {
      List<String> lines =
          file("/target/token/file", node.get("file").asText())
              .lines()
              .map(String::strip)
              .filter(l -> !l.isEmpty())
              .toList();
      if (lines.isEmpty()) {
        problem("/target/token/file", "there is no token in it");
      }
      return new Tokens.Finished(lines);
    }
    Optional<String> kid = Optional.of(node.path("kid").asText()).filter(k -> !k.isEmpty());
    String secret =
        node.has("secretFile")
            ? file("/target/token/secretFile", node.get("secretFile").asText()).strip()
            : secret(node.get("secretEnv").asText());
    return new Tokens.Signed(secret, kid, node.path("issuer").asText("parley"));
  }

  private String secret(String variable) {
    Optional<String> value = environment.apply(variable).filter(v -> !v.isEmpty());
    if (value.isEmpty()) {
      problem("/target/token/secretEnv", "the variable " + variable + " is not set");
    }
    return value.orElse("");
  }

  private String file(String pointer, String name) {
    try {
      return Files.readString(directory.resolve(name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      problem(pointer, "the file '" + name + "' cannot be read: " + e.getMessage());
      return "";
    }
  }

  private Profile profile(String name, JsonNode node) {
    JsonNode receive = node.path("receive");
    Profile.Signaling signaling =
        Profile.Signaling.valueOf(node.path("signaling").asText("sfu").toUpperCase(Locale.ROOT));
    checkDirection("/profiles/" + name + "/signaling", node, signaling);
    boolean receives = signaling != Profile.Signaling.WHIP;
    return new Profile(
        name,
        node.has("microphone")
            ? Optional.of(microphone(name, node.get("microphone")))
            : Optional.empty(),
        video(node, name, "camera"),
        video(node, name, "screen"),
        new Profile.Receive(
            receives ? receive.path("audio").asInt(DEFAULT_AUDIO_SLOTS) : 0,
            receives ? receive.path("video").asInt(DEFAULT_VIDEO_SLOTS) : 0,
            receive.has("height")
                ? OptionalInt.of(receive.get("height").asInt())
                : OptionalInt.empty(),
            receive.path("decryptOneIn").asInt(DEFAULT_DECRYPT_ONE_IN)),
        Profile.Transport.of(node.path("transport").asText("udp")),
        ice("/profiles/" + name + "/ice", node),
        network("/profiles/" + name + "/network", node),
        signaling);
  }

  /** What goes over HTTP goes one way. */
  private void checkDirection(String pointer, JsonNode node, Profile.Signaling signaling) {
    boolean publishes = node.has("microphone") || node.has("camera");
    switch (signaling) {
      case SFU -> {
        return;
      }
      case WHIP -> {
        if (!publishes || node.has("receive")) {
          problem(pointer, "by whip a bot publishes a microphone or camera, and receives nothing");
        }
      }
      case WHEP -> {
        if (publishes) {
          problem(pointer, "by whep a bot only receives");
        }
      }
    }
    if (node.has("screen")) {
      problem(pointer, "by whip and whep there is no screen");
    }
  }

  private Profile.Ice ice(String pointer, JsonNode profile) {
    Profile.Ice ice =
        Profile.Ice.valueOf(profile.path("ice").asText("light").toUpperCase(Locale.ROOT));
    if (ice == Profile.Ice.FAITHFUL) {
      if (Profile.Transport.of(profile.path("transport").asText("udp")).relayed()) {
        problem(pointer, "through a relay bots are light");
      }
      if (profile.has("network")) {
        problem(pointer, "on a modelled network bots are light");
      }
    }
    return ice;
  }

  private Profile.Network network(String pointer, JsonNode profile) {
    if (!profile.has("network")) {
      return Profile.Network.NONE;
    }
    String name = profile.get("network").asText();
    JsonNode networks = tree.root().path("networks");
    if (!networks.has(name)) {
      problem(pointer, "there is no network '" + name + "'");
    }
    String transport = profile.path("transport").asText("udp");
    if (!transport.equals("udp")) {
      problem(pointer, "a network is modelled for media by udp, not " + transport);
    }
    String at = "/networks/" + name;
    return new Profile.Network(
        link(at + "/up", networks.path(name).path("up")),
        link(at + "/down", networks.path(name).path("down")));
  }

  private LinkConditions link(String pointer, JsonNode node) {
    if (node.isEmpty()) {
      return LinkConditions.IDEAL;
    }
    double loss = node.has("loss") ? share(pointer + "/loss", node.get("loss").asText()) : 0;
    return new LinkConditions(
        node.has("rate") ? Units.bitsPerSecond(node.get("rate").asText()) : 0,
        duration(node, "queue", Duration.ofMillis(200)).toNanos(),
        duration(node, "delay", Duration.ZERO).toNanos(),
        duration(node, "jitter", Duration.ZERO).toNanos(),
        loss,
        node.path("lossRun").asDouble(1));
  }

  private Profile.Microphone microphone(String profile, JsonNode node) {
    Duration speak = duration(node, "speak", Duration.ofSeconds(4));
    Duration silence = duration(node, "silence", Duration.ofSeconds(8));
    return new Profile.Microphone(
        new VoiceSource.Talk(Math.max(1, speak.toNanos()), silence.toNanos()),
        node.path("muted").asBoolean(false),
        clip("/profiles/" + profile + "/microphone/file", node, false));
  }

  private Optional<Clip> clip(String pointer, JsonNode node, boolean pictures) {
    if (!node.has("file")) {
      return Optional.empty();
    }
    String name = node.get("file").asText();
    try {
      return Optional.of(ClipFile.read(directory.resolve(name), pictures));
    } catch (NoSuchFileException e) {
      problem(pointer, "there is no file '" + name + "'");
    } catch (IOException e) {
      problem(pointer, "the file '" + name + "' cannot be played: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<Profile.Video> video(JsonNode profile, String name, String key) {
    if (!profile.has(key)) {
      return Optional.empty();
    }
    JsonNode node = profile.get(key);
    double fps = node.path("fps").asDouble(DEFAULT_FPS);
    List<Encoding> encodings = new ArrayList<>();
    List<String> rids = new ArrayList<>();
    String pointer = "/profiles/" + name + "/" + key + "/encodings/";
    for (JsonNode encoding : node.path("encodings")) {
      String at = pointer + encodings.size();
      String rid = encoding.get("rid").asText();
      if (rids.contains(rid)) {
        problem(at + "/rid", "there are two encodings '" + rid + "'");
      }
      rids.add(rid);
      String[] size = encoding.get("size").asText().split("x", -1);
      long rate = Units.bitsPerSecond(encoding.get("rate").asText());
      if (rate < 1_000) {
        problem(at + "/rate", "no video fits into less than 1kbps");
        rate = 1_000;
      }
      encodings.add(
          new Encoding(rid, Integer.parseInt(size[0]), Integer.parseInt(size[1]), fps, rate));
    }
    if (encodings.isEmpty()) {
      SMALL_CAMERA.stream()
          .map(e -> new Encoding(e.rid(), e.width(), e.height(), fps, e.bitsPerSecond()))
          .forEach(encodings::add);
    }
    VideoFormat format =
        VideoFormat.valueOf(node.path("codec").asText("vp8").toUpperCase(Locale.ROOT));
    if (key.equals("screen")
        && profile.has("camera")
        && !profile
            .get("camera")
            .path("codec")
            .asText("vp8")
            .equals(node.path("codec").asText("vp8"))) {
      problem("/profiles/" + name + "/screen/codec", "camera and screen have the same codec");
    }
    Optional<Clip> clip = clip("/profiles/" + name + "/" + key + "/file", node, true);
    if (clip.isPresent() && (node.has("encodings") || node.has("codec") || node.has("fps"))) {
      problem("/profiles/" + name + "/" + key, "the file decides codec, fps and encodings");
    }
    return Optional.of(
        new Profile.Video(
            clip.flatMap(Clip::format).orElse(format),
            encodings,
            node.path("muted").asBoolean(false),
            clip));
  }

  private Optional<Group> group(String name, JsonNode node, Map<String, Profile> profiles) {
    String pointer = "/scenarios/" + name;
    Executor executor = executor(node);
    if (executor.duration().isZero()) {
      problem(pointer, "it has no length");
    }
    List<Group.Role> roles = new ArrayList<>();
    int size = node.path("rooms").path("size").asInt(Integer.MAX_VALUE);
    boolean inTurn = node.path("rooms").has("count");
    if (inTurn && node.path("rooms").has("size")) {
      problem(pointer + "/rooms", "give one of size and count");
    }
    long counted = 0;
    for (int i = 0; i < node.path("roles").size(); i++) {
      JsonNode role = node.path("roles").get(i);
      String at = pointer + "/roles/" + i;
      String wanted = role.get("profile").asText();
      Profile profile = profiles.get(wanted);
      boolean last = i == node.path("roles").size() - 1;
      if (profile == null) {
        problem(
            at + "/profile",
            "there is no profile '" + wanted + "'; there are " + profiles.keySet());
        continue;
      }
      if (!last && !role.has("count")) {
        problem(at, "only the last role may be without a count: nobody would be left for the next");
      }
      counted += role.path("count").asInt(0);
      roles.add(
          new Group.Role(
              role.path("name").asText(wanted),
              profile,
              role.has("count") ? OptionalInt.of(role.get("count").asInt()) : OptionalInt.empty(),
              role.path("role").asText("participant"),
              role.has("admitEvery")
                  ? Optional.of(Units.duration(role.get("admitEvery").asText()))
                  : Optional.empty(),
              actions(at, role, profile)));
    }
    if (counted > size) {
      problem(
          pointer + "/rooms/size",
          "the roles need %d places, and a room has %d".formatted(counted, size));
    }
    String roomName = node.path("rooms").path("name").asText();
    if ((inTurn || size != Integer.MAX_VALUE) && !roomName.contains("*")) {
      problem(pointer + "/rooms/name", "there are several rooms: put a * into the name");
    }
    return roles.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Group(
                name,
                executor,
                duration(node, "start", Duration.ZERO),
                inTurn
                    ? new Group.Rooms.InTurn(roomName, node.path("rooms").path("count").asInt())
                    : new Group.Rooms.OfSize(roomName, size),
                roles));
  }

  private static Executor executor(JsonNode node) {
    Optional<Duration> stay =
        node.has("stay")
            ? Optional.of(Units.duration(node.get("stay").asText()))
            : Optional.empty();
    return switch (node.get("executor").asText()) {
      case "constant-bots" ->
          new Executor.ConstantBots(
              node.get("bots").asInt(), Units.duration(node.get("duration").asText()), stay);
      case "ramping-bots" ->
          new Executor.RampingBots(node.path("startBots").asInt(0), stages(node, "bots"), stay);
      default ->
          new Executor.ArrivalRate(
              node.path("startPerSec").asDouble(0),
              stages(node, "perSec"),
              stay.orElse(Duration.ZERO),
              node.get("maxBots").asInt());
    };
  }

  private static List<Executor.Stage> stages(JsonNode node, String target) {
    List<Executor.Stage> stages = new ArrayList<>();
    for (JsonNode stage : node.get("stages")) {
      stages.add(
          new Executor.Stage(
              Units.duration(stage.get("duration").asText()), stage.get(target).asDouble()));
    }
    return stages;
  }

  private List<Action> actions(String rolePointer, JsonNode role, Profile profile) {
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < role.path("actions").size(); i++) {
      JsonNode node = role.path("actions").get(i);
      String at = rolePointer + "/actions/" + i;
      Action.Kind kind = Action.Kind.of(node.get("do").asText());
      boolean repeats = node.has("every");
      if (repeats == node.has("at")) {
        problem(at, "give one of at and every");
        continue;
      }
      Duration after = Units.duration(node.get(repeats ? "every" : "at").asText());
      if (repeats && after.toMillis() < 100) {
        problem(at + "/every", "no more often than every 100ms");
      }
      if ((kind == Action.Kind.SWITCH_ROOM) != node.has("room")) {
        problem(at, "switch-room, and nothing else, needs a room");
      }
      boolean byHttp = profile.signaling() != Profile.Signaling.SFU;
      boolean possible =
          switch (kind) {
            case TOGGLE_MICROPHONE -> !byHttp && profile.microphone().isPresent();
            case TOGGLE_CAMERA -> !byHttp && profile.camera().isPresent();
            case PUBLISH_SCREEN, UNPUBLISH_SCREEN -> !byHttp && profile.screen().isPresent();
            case DROP_SOCKET, SWITCH_ROOM, LEAVE_QUEUE, CHAT -> !byHttp;
            case SWITCH_NETWORK, RESTART_ICE, BLACKOUT, LEAVE -> true;
          };
      if (!possible) {
        problem(at + "/do", "the profile '" + profile.name() + "' has nothing for " + kind.id());
      }
      actions.add(
          new Action(
              kind,
              after,
              repeats,
              duration(node, "jitter", Duration.ZERO),
              node.has("share") ? share(at + "/share", node.get("share").asText()) : 1,
              duration(node, "lasts", Duration.ofSeconds(3)),
              Optional.of(node.path("room").asText()).filter(r -> !r.isEmpty())));
    }
    return actions;
  }

  private double share(String pointer, String text) {
    try {
      return Units.share(text);
    } catch (IllegalArgumentException e) {
      problem(pointer, String.valueOf(e.getMessage()));
      return 0;
    }
  }

  private Optional<Threshold> threshold(String pointer, JsonNode node) {
    String id = node.get("metric").asText();
    Optional<Metric> metric = Metric.of(id);
    if (metric.isEmpty()) {
      problem(pointer + "/metric", "there is no metric '" + id + "'; docs/bots.md lists them");
      return Optional.empty();
    }
    boolean times = metric.get().kind() == Metric.Kind.TIME;
    if (!times && node.has("stat")) {
      problem(pointer + "/stat", id + " has one value: leave stat out");
    }
    Stat stat = Stat.of(node.path("stat").asText()).orElse(Stat.P95);
    OptionalDouble max = bound(pointer + "/max", node.path("max"), metric.get(), stat);
    OptionalDouble min = bound(pointer + "/min", node.path("min"), metric.get(), stat);
    if (!node.has("max") && !node.has("min")) {
      problem(pointer, "give max, min or both: it could not fail");
    }
    if (max.isPresent() && min.isPresent() && min.getAsDouble() > max.getAsDouble()) {
      problem(pointer, "nothing is at least min and at most max");
    }
    Optional<String> group = Optional.of(node.path("scenario").asText()).filter(g -> !g.isEmpty());
    group
        .filter(g -> !tree.root().path("scenarios").has(g))
        .ifPresent(g -> problem(pointer + "/scenario", "there is no scenario '" + g + "'"));
    return Optional.of(
        new Threshold(
            metric.get(),
            stat,
            group,
            max,
            min,
            node.path("abortOnFail").asBoolean(false),
            duration(node, "after", Duration.ofSeconds(10))));
  }

  /** In the unit of the metric: milliseconds, a number, or a part of one. */
  private OptionalDouble bound(String pointer, JsonNode node, Metric metric, Stat stat) {
    if (node.isMissingNode()) {
      return OptionalDouble.empty();
    }
    try {
      boolean isTime = metric.kind() == Metric.Kind.TIME && stat != Stat.COUNT;
      if (isTime) {
        return OptionalDouble.of(Units.duration(node.asText()).toNanos() / 1e6);
      } else if (metric.kind() == Metric.Kind.SHARE) {
        return OptionalDouble.of(Units.share(node.asText()));
      } else if (!node.isNumber() || node.asDouble() < 0) {
        throw new IllegalArgumentException("'" + node.asText() + "' is no number from 0 on");
      }
      return OptionalDouble.of(node.asDouble());
    } catch (IllegalArgumentException e) {
      problem(pointer, String.valueOf(e.getMessage()));
      return OptionalDouble.empty();
    }
  }
}
