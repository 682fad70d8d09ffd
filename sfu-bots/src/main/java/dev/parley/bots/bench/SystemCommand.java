package dev.parley.bots.bench;

import dev.parley.bots.client.LinuxSockets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench system}. */
@Command(
    name = "system",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "The table of what the server reaches here, with its aims: cost of a packet beside the floor"
          + " of the same run, packets a second, latency, memory, joins, start. No figure is given"
          + " where the load was the bottleneck."
    })
final class SystemCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--cases",
      paramLabel = "ID",
      split = ",",
      description = "some of the cases; else all")
  private List<String> cases = new ArrayList<>();

  @Option(names = "--rounds", paramLabel = "N", description = "of server and floor in turn")
  private int rounds = 5;

  @Option(names = "--seconds", paramLabel = "S", description = "of each turn")
  private double seconds = 1;

  @Option(names = "--warm-up", paramLabel = "S", description = "of each case")
  private double warmUp = 4;

  @Option(
      names = "--latency-seconds",
      paramLabel = "S",
      description = "for which latency is measured at each rate; 600 for the long one")
  private int latencySeconds = 8;

  @Option(
      names = "--record",
      description = "add the costs to docs/bench-history.csv and draw docs/performance.svg anew")
  private boolean record;

  @Option(names = "--seed", paramLabel = "N", description = "of the synthetic media")
  private long seed = 1;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    List<String> known = SystemBench.ids();
    List<String> unknown = cases.stream().filter(id -> !known.contains(id)).toList();
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no case %s; there are %s"
              .formatted(String.join(", ", unknown), String.join(", ", known)));
    }
    if (rounds < 1 || seconds <= 0 || warmUp <= 0 || latencySeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds, --seconds, --warm-up and --latency-seconds are above 0");
    }
    if (!LinuxSockets.available()) {
      throw new ParameterException(spec.commandLine(), "this benchmark needs 64-bit Linux");
    }
    Path docs = Path.of(System.getProperty("parley.home", "."), "docs");
    if (record && !Files.isWritable(docs)) {
      throw new ParameterException(
          spec.commandLine(), "--record needs the folder %s to write to".formatted(docs));
    }
    SystemSettings settings =
        new SystemSettings(
            cases.isEmpty() ? known : cases,
            rounds,
            (int) (seconds * 1_000),
            (int) (warmUp * 1_000),
            latencySeconds,
            seed,
            options.serverOptions());
    return options.measure(
        spec.commandLine(),
        progress -> SystemBench.run(settings, progress),
        SystemReport::of,
        result -> {
          if (record) {
            History.record(docs, result);
          }
        });
  }
}
