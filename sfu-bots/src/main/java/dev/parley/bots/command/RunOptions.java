package dev.parley.bots.command;

import dev.parley.bots.report.HtmlReport;
import dev.parley.bots.report.JsonReport;
import dev.parley.bots.report.JunitReport;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Target;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every run has. */
final class RunOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server, instead of the scenario's")
  private @Nullable URI url;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "its admin port, for its counters, instead of the scenario's")
  private @Nullable URI admin;

  @Option(
      names = "--allow-remote",
      description = "the server is not on this machine, and its operator has agreed to the load")
  private boolean allowRemote;

  @Option(names = "--seed", paramLabel = "N", description = "instead of the scenario's")
  private @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "that run the bots; default: half of the machine's cores, at least 1")
  private int threads;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "write the report for programs there")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "write the report with charts there, one page that needs nothing else")
  private @Nullable Path html;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "write the thresholds there as a test report (JUnit XML)")
  private @Nullable Path junit;

  /** The scenario with what the command line says instead. */
  Scenario apply(Scenario scenario) {
    Target old = scenario.target();
    Target target =
        new Target(
            Optional.ofNullable(url).orElse(old.url()),
            Optional.ofNullable(admin).or(() -> url == null ? old.admin() : Optional.empty()),
            old.tokens());
    OptionalLong other = seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    return new Scenario(
        scenario.name(),
        other.orElse(scenario.seed()),
        scenario.maxDuration(),
        target,
        scenario.groups(),
        scenario.thresholds());
  }

  /** Refuses to load a machine that is not this one, unless that was said. */
  void check(Target target, picocli.CommandLine commandLine) {
    if (threads < 0) {
      throw new ParameterException(commandLine, "--threads is at least 1");
    }
    requireConsent(target, allowRemote, commandLine);
  }

  /** Refuses a server elsewhere whose operator has not agreed to the load. */
  static void requireConsent(Target target, boolean agreed, picocli.CommandLine commandLine) {
    String host = target.url().getHost();
    if (host == null) {
      throw new ParameterException(commandLine, target.url() + " names no host");
    }
    if (!agreed && !isLoopback(host)) {
      throw new ParameterException(
          commandLine,
          host
              + " is not this machine. Load that nobody agreed to is an attack; with its operator's"
              + " word, add --allow-remote");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  int threads() {
    return threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /** What is written besides the text. */
  Map<Path, Function<Outcome, String>> files() {
    Map<Path, Function<Outcome, String>> files = new LinkedHashMap<>();
    if (json != null) {
      files.put(json, JsonReport::of);
    }
    if (html != null) {
      files.put(html, HtmlReport::of);
    }
    if (junit != null) {
      files.put(junit, JunitReport::of);
    }
    return files;
  }
}
