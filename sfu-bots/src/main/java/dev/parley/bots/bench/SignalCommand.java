package dev.parley.bots.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench signal}. */
@Command(
    name = "signal",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What a join costs the signalling in rooms with few and with many people, without media,"
          + " beside a round trip on the same socket."
    })
final class SignalCommand implements Callable<Integer> {
  private static final int MOST_PEOPLE = 2000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--people",
      paramLabel = "N",
      split = ",",
      description = "in each of the rooms before anybody joins")
  private List<Integer> people = List.of(0, 50, 500);

  @Option(names = "--joins", paramLabel = "N", description = "of each room, that are counted")
  private int joins = 100;

  @Option(names = "--warm-up", paramLabel = "N", description = "joins of each room before them")
  private int warmUp = 100;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    if (joins < 1 || warmUp < 0 || people.stream().anyMatch(n -> n < 0 || n > MOST_PEOPLE)) {
      throw new ParameterException(
          spec.commandLine(),
          "--joins is at least 1, --warm-up at least 0, --people from 0 to " + MOST_PEOPLE);
    }
    SignalSettings settings = new SignalSettings(people, joins, warmUp);
    return options.measure(
        spec.commandLine(),
        progress -> {
          try (SignalBench bench = new SignalBench(settings, options.serverOptions(), progress)) {
            return bench.run();
          }
        },
        SignalReport::of);
  }
}
