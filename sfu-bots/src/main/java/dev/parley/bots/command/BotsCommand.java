package dev.parley.bots.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bots}. */
@Command(
    name = "bots",
    mixinStandardHelpOptions = true,
    description = "Lets bots call a server, measures what they get, and says whether it is enough.",
    exitCodeOnInvalidInput = BotsCommand.USAGE,
    exitCodeOnExecutionException = BotsCommand.ABORTED,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and every threshold holds",
      "1:wrong command line or scenario",
      "2:a threshold does not hold",
      "3:aborted by hand, or nobody was let in",
      "4:the server is not there, or not any more",
    },
    subcommands = {RunCommand.class, QuickCommand.class, ProbeCommand.class, CompareCommand.class})
public final class BotsCommand implements Runnable {
  static final int USAGE = 1;
  static final int ABORTED = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: run, quick, probe or compare");
  }
}
