package dev.parley.bots.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench overload}. */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What a worker forwards from a tenth to twice its capacity, when everybody is let in and when"
          + " newcomers are refused. Its capacity is what it carries at a load that is set low"
          + " enough for this machine to offer twice of it."
    })
final class OverloadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--limit",
      paramLabel = "PERCENT",
      description = "of a core: from this load on the server leaves video out")
  private int limit = 30;

  @Option(
      names = "--steps",
      paramLabel = "PERCENT",
      split = ",",
      description = "of the capacity, rising")
  private List<Integer> steps = new ArrayList<>(List.of(10, 25, 50, 75, 100, 125, 150, 200));

  @Option(names = "--cameras", paramLabel = "N", description = "that every viewer watches")
  private int cameras = 3;

  @Option(names = "--kbps", paramLabel = "N", description = "of a camera's largest encoding")
  private int kbps = 2500;

  @Option(names = "--settle", paramLabel = "S", description = "before each measurement")
  private int settle = 10;

  @Option(names = "--seconds", paramLabel = "S", description = "of each measurement")
  private int seconds = 4;

  @Option(names = "--warm-up", paramLabel = "S", description = "seconds, three times")
  private int warmUp = 12;

  @Option(names = "--seed", paramLabel = "N", description = "of the synthetic media")
  private long seed = 1;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    if (limit < 5 || limit > 100 || cameras < 1 || cameras > 9 || kbps < 600 || kbps > 10_000) {
      throw new ParameterException(
          spec.commandLine(),
          "--limit is from 5 to 100, --cameras from 1 to 9, --kbps from 600 to 10000");
    }
    if (settle < 1 || seconds < 1 || warmUp < 1 || !rises(steps)) {
      throw new ParameterException(
          spec.commandLine(),
          "--settle, --seconds and --warm-up are at least 1, --steps rise from 1 on");
    }
    OverloadSettings settings =
        new OverloadSettings(limit, steps, cameras, kbps, settle, seconds, warmUp, seed);
    return options.measure(
        spec.commandLine(),
        progress -> new OverloadBench(settings, options.serverOptions(), progress).run(),
        OverloadReport::of);
  }

  private static boolean rises(List<Integer> numbers) {
    int before = 0;
    for (int number : numbers) {
      if (number <= before) {
        return false;
      }
      before = number;
    }
    return before > 0;
  }
}
