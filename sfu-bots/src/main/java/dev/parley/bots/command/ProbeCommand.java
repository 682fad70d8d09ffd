package dev.parley.bots.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.measure.ServerWatch;
import dev.parley.bots.probe.Probe;
import dev.parley.bots.probe.ProbeResult;
import dev.parley.bots.scenario.Target;
import dev.parley.bots.scenario.Tokens;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bots probe}. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeOnInvalidInput = BotsCommand.USAGE,
    exitCodeOnExecutionException = BotsCommand.ABORTED,
    description = {
      "A few tabs of a headless Chromium with the real call page, beside the bots or alone: when the"
          + " first picture comes, and how often it freezes."
    })
final class ProbeCommand implements Callable<Integer> {
  private static final int UNREACHABLE = 4;
  private static final int NO_PICTURE = 2;
  private static final int MOST_TABS = 16;
  private static final int MOST_SECONDS = 3600;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--url", paramLabel = "URL", description = "the server")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(names = "--allow-remote", description = "see run")
  private boolean allowRemote;

  @Option(names = "--room", paramLabel = "NAME", description = "that all tabs join")
  private String room = "probe";

  @Option(
      names = "--tabs",
      paramLabel = "N",
      description = "people; each takes a quarter of a core")
  private int tabs = 2;

  @Option(names = "--seconds", paramLabel = "S", description = "that they stay")
  private int seconds = 20;

  @Option(names = "--token", paramLabel = "JWT", description = "for all of them")
  private @Nullable String token;

  @Option(names = "--chromium", paramLabel = "FILE", description = "instead of that on the PATH")
  private @Nullable Path chromium;

  @Option(names = "--json", paramLabel = "FILE", description = "write the figures there")
  private @Nullable Path json;

  @Override
  public Integer call() {
    if (tabs < 1 || tabs > MOST_TABS || seconds < 1 || seconds > MOST_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--tabs is from 1 to %d, --seconds from 1 to %d".formatted(MOST_TABS, MOST_SECONDS));
    }
    RunOptions.requireConsent(
        new Target(url, Optional.empty(), new Tokens.None()), allowRemote, spec.commandLine());
    Optional<Path> executable = Optional.ofNullable(chromium).or(Probe::browser);
    PrintWriter err = spec.commandLine().getErr();
    if (executable.isEmpty()) {
      err.println(
          "sfu bots: there is no Chromium on the PATH; install it (apt-get install chromium), or"
              + " name one with --chromium");
      return BotsCommand.USAGE;
    }
    if (!answers()) {
      err.println("sfu bots: nothing answers at " + url);
      return UNREACHABLE;
    }
    try (Probe probe = new Probe(executable.get())) {
      for (int i = 0; i < tabs; i++) {
        probe.open(url, room, "Probe " + (i + 1), Optional.ofNullable(token));
      }
      TimeUnit.SECONDS.sleep(seconds);
      return report(probe.results(err::println));
    } catch (IOException e) {
      err.println("sfu bots: " + e.getMessage());
      return BotsCommand.ABORTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return BotsCommand.ABORTED;
    }
  }

  private boolean answers() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      ServerWatch watch = new ServerWatch(http, url, Optional.empty());
      return watch.health().join() == ServerWatch.Health.GOOD;
    }
  }

  private int report(List<ProbeResult> results) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    results.forEach(r -> out.println(r.line()));
    out.flush();
    if (json != null) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      ObjectNode root = mapper.createObjectNode().put("version", 1);
      ArrayNode all = root.putArray("tabs");
      results.forEach(r -> write(all.addObject(), r));
      Files.writeString(json, mapper.writeValueAsString(root) + "\n");
    }
    boolean seen = results.size() == tabs && results.stream().allMatch(this::sawWhatThereWas);
    return seen ? 0 : NO_PICTURE;
  }

  /** One tab may be alone in its room, and has then connected at least. */
  private boolean sawWhatThereWas(ProbeResult result) {
    return tabs == 1 ? result.connectedMs().isPresent() : result.streams() > 0;
  }

  private static void write(ObjectNode node, ProbeResult result) {
    node.put("name", result.name())
        .put("streams", result.streams())
        .put("framesDecoded", result.framesDecoded())
        .put("framesDropped", result.framesDropped())
        .put("freezes", result.freezes())
        .put("freezeMs", Math.round(result.freezeSec() * 1e3))
        .put("packets", result.packets())
        .put("lost", result.lost())
        .put("height", result.height());
    result.connectedMs().ifPresent(v -> node.put("connectedMs", v));
    result.pictureMs().ifPresent(v -> node.put("pictureMs", v));
    result.roundTripMs().ifPresent(v -> node.put("roundTripMs", v));
  }
}
