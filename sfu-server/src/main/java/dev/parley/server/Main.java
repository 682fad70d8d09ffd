package dev.parley.server;

import dev.parley.bots.bench.BenchCommand;
import dev.parley.bots.command.BotsCommand;
import dev.parley.server.config.InvalidConfigException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. {@code ./sfu} builds what is missing and then runs this. */
@Command(
    name = "sfu",
    description = "Parley, a media server for multiparty calls.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or a check found a problem",
      "2:wrong command line or configuration",
    })
public final class Main implements Runnable {
  /** In the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          TokenCommand.class,
          DoctorCommand.class,
          BenchCommand.class,
          BotsCommand.class,
          HelpCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /** Runs one command and leaves the process with its exit code. */
  public static void main(String[] args) {
    // What the other commands take is read by reflection, which a start would wait for.
    boolean serves = args.length > 0 && args[0].equals("serve");
    CommandLine commandLine = serves ? commandLine(List.of(ServeCommand.class)) : commandLine();
    System.exit(commandLine.execute(args));
  }

  static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine commandLine = new CommandLine(new Main());
    commands.forEach(commandLine::addSubcommand);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(Main::explain);
    commandLine.setParameterExceptionHandler(Main::explainUsage);
    return commandLine;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }

  /** Says what is wrong and where to read on; the whole help would bury it. */
  private static int explainUsage(ParameterException wrong, String[] args) {
    CommandLine commandLine = wrong.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("sfu: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try: ./" + commandLine.getCommandSpec().qualifiedName() + " --help");
    return commandLine.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** What a person can act on is told without a stack trace. */
  private static int explain(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    return switch (failure) {
      case InvalidConfigException invalid -> {
        commandLine.getErr().println(invalid.getMessage());
        yield CommandLine.ExitCode.USAGE;
      }
      case StartException failed -> {
        commandLine.getErr().println(failed.getMessage());
        yield CommandLine.ExitCode.SOFTWARE;
      }
      default -> throw failure;
    };
  }
}
