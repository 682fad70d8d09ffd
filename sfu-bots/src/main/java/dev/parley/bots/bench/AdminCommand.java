package dev.parley.bots.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench admin}. */
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What requests to the operator's port and a stream of events for each room add to the cost"
          + " of forwarding a packet, beside rounds without them."
    })
final class AdminCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--rooms", paramLabel = "N", description = "each with a stream of events")
  private int rooms = 8;

  @Option(names = "--people", paramLabel = "N", description = "in each room")
  private int people = 4;

  @Option(names = "--requests", paramLabel = "N", description = "a second")
  private int requests = 50;

  @Option(names = "--rounds", paramLabel = "N", description = "that are counted")
  private int rounds = 6;

  @Option(names = "--seconds", paramLabel = "S", description = "of each half of a round")
  private int seconds = 8;

  @Option(names = "--warm-up", paramLabel = "S", description = "seconds of calls before the first")
  private int warmUp = 15;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    if (rooms < 1 || rooms > 30 || people < 2 || people > 100) {
      throw new ParameterException(
          spec.commandLine(), "--rooms is from 1 to 30, --people from 2 to 100");
    }
    if (requests < 1 || requests > 10_000 || rounds < 1 || seconds < 1 || warmUp < 6) {
      throw new ParameterException(
          spec.commandLine(),
          "--requests is from 1 to 10000, --rounds and --seconds are at least 1, --warm-up 6");
    }
    AdminSettings settings = new AdminSettings(rooms, people, requests, rounds, seconds, warmUp);
    return options.measure(
        spec.commandLine(),
        progress -> {
          try (AdminBench bench = new AdminBench(settings, options.serverOptions(), progress)) {
            return bench.run();
          }
        },
        AdminReport::of);
  }
}
