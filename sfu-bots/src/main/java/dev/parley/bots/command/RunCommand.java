package dev.parley.bots.command;

import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.ScenarioException;
import dev.parley.bots.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sfu bots run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = BotsCommand.USAGE,
    exitCodeOnExecutionException = BotsCommand.ABORTED,
    description = "Carries a scenario out; docs/bots.md says how they are written.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Parameters(paramLabel = "FILE", description = "the scenario, in YAML")
  private Path file = Path.of("");

  @Option(names = "--check", description = "only read the scenario, and say what is wrong with it")
  private boolean check;

  @Override
  public Integer call() {
    Scenario scenario;
    try {
      scenario = ScenarioReader.read(file);
    } catch (ScenarioException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return BotsCommand.USAGE;
    } catch (NoSuchFileException e) {
      spec.commandLine().getErr().println("sfu bots: there is no file " + file);
      return BotsCommand.USAGE;
    } catch (IOException e) {
      spec.commandLine().getErr().println("sfu bots: " + file + " cannot be read: " + e);
      return BotsCommand.USAGE;
    }
    if (check) {
      spec.commandLine()
          .getOut()
          .println(file + ": good, " + scenario.duration().toSeconds() + " s");
      return 0;
    }
    return new ScenarioRunner(spec.commandLine(), options).run(scenario);
  }
}
