package dev.parley.bots.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures the server on this machine, beside what is possible here.",
    subcommands = {
      ForwardCommand.class,
      JoinCommand.class,
      SignalCommand.class,
      AdminCommand.class,
      MicroCommand.class,
      SystemCommand.class,
      CompareResultsCommand.class,
      OverloadCommand.class
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to measure: forward, join, signal, admin, overload, micro or system;"
            + " or compare results");
  }
}
