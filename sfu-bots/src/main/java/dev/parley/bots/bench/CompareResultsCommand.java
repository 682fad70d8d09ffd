package dev.parley.bots.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = CompareResultsCommand.USAGE,
    description = {
      "Puts two results of bench system side by side; ends with 2 when a figure of the second is"
          + " worse beyond what its rounds differ by, or missing, with 1 when they cannot be"
          + " compared. What was measured once has no rounds and may differ by 20 %%."
    })
final class CompareResultsCommand implements Callable<Integer> {
  static final int USAGE = 1;
  private static final int WORSE = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "a result written by --json")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER", description = "another one")
  private Path after = Path.of("");

  @Override
  public Integer call() {
    ObjectMapper json = new ObjectMapper();
    try {
      SystemComparison comparison =
          SystemComparison.of(json.readTree(before.toFile()), json.readTree(after.toFile()));
      spec.commandLine().getOut().print(comparison.text());
      spec.commandLine().getOut().flush();
      return comparison.worse() ? WORSE : 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "the results cannot be compared: " + e.getMessage(), e);
    }
  }
}
