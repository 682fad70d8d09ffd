package dev.parley.bots.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

  @Option(names = "--json", paramLabel = "FILE", description = "write every join there")
  private @Nullable Path json;

  @Option(
      names = "--server-option",
      paramLabel = "OPTION",
      description = "a JVM option for the server's process; repeatable")
  private List<String> serverOptions = new ArrayList<>();

  @Override
  public Integer call() {
    if (joins < 1 || warmUp < 0 || people.stream().anyMatch(n -> n < 0 || n > MOST_PEOPLE)) {
      throw new ParameterException(
          spec.commandLine(),
          "--joins is at least 1, --warm-up at least 0, --people from 0 to " + MOST_PEOPLE);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    SignalSettings settings = new SignalSettings(people, joins, warmUp);
    try (SignalBench bench =
        new SignalBench(
            settings,
            serverOptions,
            step -> {
              err.println("… " + step);
              err.flush();
            })) {
      SignalResult result = bench.run();
      out.print(SignalReport.of(result));
      out.flush();
      if (json != null) {
        ResultFile.write(json, result);
      }
    } catch (IOException e) {
      err.println("The benchmark failed: " + e.getMessage());
      return 1;
    }
    return 0;
  }
}
