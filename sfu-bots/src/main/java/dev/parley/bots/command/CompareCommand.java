package dev.parley.bots.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.report.Comparison;
import dev.parley.bots.scenario.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sfu bots compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeOnInvalidInput = BotsCommand.USAGE,
    exitCodeOnExecutionException = BotsCommand.ABORTED,
    description = "Puts two reports side by side; ends with 2 when the second is worse.")
final class CompareCommand implements Callable<Integer> {
  private static final int WORSE = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "a report written by --json")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER", description = "another one")
  private Path after = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      description = "by how much a figure may be worse")
  private String tolerance = "20%";

  @Override
  public Integer call() {
    try {
      Comparison comparison = Comparison.of(read(before), read(after), Units.share(tolerance));
      spec.commandLine().getOut().print(comparison.text());
      spec.commandLine().getOut().flush();
      return comparison.worse() ? WORSE : 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      spec.commandLine().getErr().println("sfu bots: " + e.getMessage());
      return BotsCommand.USAGE;
    }
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new IOException(file + " cannot be read as a report: " + e.getMessage(), e);
    }
  }
}
