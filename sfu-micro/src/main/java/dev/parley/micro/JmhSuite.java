package dev.parley.micro;

import dev.parley.bots.bench.MicroSuite;
import dev.parley.core.codec.Codec;
import dev.parley.core.net.GroupBenchmark;
import dev.parley.core.srtp.SrtpProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The pieces by name, each a JMH benchmark with its parameters. One thread at a time. */
public final class JmhSuite implements MicroSuite {
  /** Of a measurement, whose median counts: what the machine does besides disturbs few of them. */
  private static final int ITERATIONS = 6;

  /** Where the machine is busy, the compiler comes late. */
  private static final int WARM_UPS = 2;

  private static final int LEAST_ITERATION_MILLIS = 1;
  private static final int[] LENGTHS = {120, 1100};

  private record Jmh(Class<?> type, String method, Map<String, String> parameters) {
    Jmh {
      parameters = Map.copyOf(parameters);
    }
  }

  private final Map<String, Jmh> benchmarks = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();

  /** Knows them all; nothing is measured yet. */
  public JmhSuite() {
    parse();
    control();
    rewrite();
    security(
        "protect",
        ProtectBenchmark.class,
        "A packet is encrypted and authenticated, by profile and length in bytes.");
    security(
        "unprotect",
        UnprotectBenchmark.class,
        "A packet is authenticated and decrypted, by profile and length in bytes.");
    estimate();
    group();
  }

  private void parse() {
    String floor = "read-48";
    benchmarks.put(floor, new Jmh(ParseBenchmark.class, "floor", Map.of()));
    List<Piece> pieces = new ArrayList<>();
    for (Codec codec : codecs()) {
      String name = "parse-" + name(codec);
      benchmarks.put(name, new Jmh(ParseBenchmark.class, "parse", of(codec)));
      pieces.add(new Piece(name, floor));
    }
    groups.add(
        new Group(
            "A packet's header, an extension and its payload descriptor are read.",
            "48 bytes, which they stand in, are read once",
            pieces));
  }

  private void control() {
    Class<?> type = ControlBenchmark.class;
    groups.add(
        new Group(
            "The name in a check; a report of three blocks, NACK and PLI; feedback on 100 packets.",
            "the same bytes are read once",
            List.of(
                pair("parse-stun", type, "stun", "stunFloor"),
                pair("parse-rtcp", type, "rtcp", "rtcpFloor"),
                pair("parse-feedback", type, "feedback", "feedbackFloor"))));
  }

  private void rewrite() {
    List<Piece> pieces = new ArrayList<>();
    for (Codec codec : codecs()) {
      String name = "rewrite-" + name(codec);
      // Packets with pictures are of one length, and so have one floor.
      Codec copied = codec.audio() ? codec : Codec.VP8;
      String floor = codec.audio() ? "copy-sound" : "copy-pictures";
      benchmarks.put(name, new Jmh(RewriteBenchmark.class, "rewrite", of(codec)));
      benchmarks.put(floor, new Jmh(RewriteBenchmark.class, "floor", of(copied)));
      pieces.add(new Piece(name, floor));
    }
    groups.add(
        new Group(
            "A packet is written for one viewer of 16, with all numbers of the viewer's.",
            "the same bytes are copied",
            pieces));
  }

  private void security(String what, Class<?> type, String sentence) {
    List<Piece> pieces = new ArrayList<>();
    for (SrtpProfile profile : SrtpProfile.values()) {
      for (int length : LENGTHS) {
        String bytes = Integer.toString(length);
        String floor = "copy-" + bytes;
        benchmarks.put(
            floor, new Jmh(ProtectBenchmark.class, "copy", Map.of("lengthBytes", bytes)));
        String name = "%s-%s-%s".formatted(what, name(profile), bytes);
        Map<String, String> parameters = Map.of("lengthBytes", bytes, "profile", profile.name());
        benchmarks.put(name, new Jmh(type, what, parameters));
        pieces.add(new Piece(name, floor));
      }
    }
    groups.add(new Group(sentence, "the same bytes are copied into native memory", pieces));
  }

  private void estimate() {
    groups.add(
        new Group(
            "Congestion control for a packet: numbered as it leaves, one of 100 of a feedback.",
            "the feedback alone is read",
            List.of(pair("estimate", EstimateBenchmark.class, "estimate", "floor"))));
  }

  private void group() {
    groups.add(
        new Group(
            "A datagram is grouped with others: bursts of 8 to 50 viewers.",
            "they are put on a list and read from it",
            List.of(pair("group", GroupBenchmark.class, "group", "floor"))));
  }

  /** A piece with a floor of its own. */
  private Piece pair(String name, Class<?> type, String method, String floor) {
    benchmarks.put(name, new Jmh(type, method, Map.of()));
    benchmarks.put(name + "-floor", new Jmh(type, floor, Map.of()));
    return new Piece(name, name + "-floor");
  }

  private static List<Codec> codecs() {
    return List.of(Codec.OPUS, Codec.VP8, Codec.VP9, Codec.H264, Codec.AV1);
  }

  private static Map<String, String> of(Codec codec) {
    return Map.of("codec", codec.name());
  }

  private static String name(Codec codec) {
    return codec.name().toLowerCase(Locale.ROOT);
  }

  private static String name(SrtpProfile profile) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> "gcm128";
      case AEAD_AES_256_GCM -> "gcm256";
      case AES_CM_128_HMAC_SHA1_80 -> "cm";
    };
  }

  @Override
  public List<Group> groups() {
    return List.copyOf(groups);
  }

  @Override
  public double nanos(String name, Effort effort) throws IOException {
    Jmh benchmark = benchmarks.get(name);
    if (benchmark == null) {
      throw new IllegalArgumentException("no piece or floor is called " + name);
    }
    TimeValue time =
        TimeValue.milliseconds(Math.max(effort.millis() / ITERATIONS, LEAST_ITERATION_MILLIS));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(
                "^%s$"
                    .formatted(
                        Pattern.quote(benchmark.type().getName() + "." + benchmark.method())))
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .threads(1)
            .forks(effort.ownJvm() ? 1 : 0)
            .warmupIterations(WARM_UPS * ITERATIONS)
            .warmupTime(time)
            .measurementIterations(ITERATIONS)
            .measurementTime(time)
            .jvmArgs(effort.jvmOptions().toArray(String[]::new))
            // JMH's own access to memory is one that JDKs warn of; libraries log how they begin.
            .jvmArgsAppend(
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.config.file=/dev/null")
            .shouldFailOnError(true)
            .param("seed", Long.toString(effort.seed()));
    benchmark.parameters().forEach(options::param);
    return run(name, options);
  }

  private static double run(String name, ChainedOptionsBuilder options) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Collection<RunResult> results;
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL))
              .run();
    } catch (RunnerException e) {
      throw new IOException(
          "%s: %s%n%s".formatted(name, e.getMessage(), said.toString(StandardCharsets.UTF_8)), e);
    }
    double[] nanos =
        results.stream()
            .flatMap(result -> result.getBenchmarkResults().stream())
            .flatMap(result -> result.getIterationResults().stream())
            .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
            .sorted()
            .toArray();
    if (nanos.length == 0) {
      throw new IOException(
          "%s gave no figure:%n%s".formatted(name, said.toString(StandardCharsets.UTF_8)));
    }
    return (nanos[(nanos.length - 1) / 2] + nanos[nanos.length / 2]) / 2;
  }
}
