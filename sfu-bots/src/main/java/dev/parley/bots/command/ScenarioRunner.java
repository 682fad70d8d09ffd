package dev.parley.bots.command;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.report.TextReport;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.run.Run;
import dev.parley.bots.scenario.Scenario;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.LogManager;
import picocli.CommandLine;

/** Runs a scenario for a command: shows how it goes, and writes the reports. */
final class ScenarioRunner {
  private static final int REPORT_SECONDS = 20;

  private final CommandLine commandLine;
  private final RunOptions options;

  ScenarioRunner(CommandLine commandLine, RunOptions options) {
    this.commandLine = commandLine;
    this.options = options;
  }

  /** The exit code. SIGINT and SIGTERM end the run, with its report, and the process with 3. */
  int run(Scenario asked) {
    // What libraries say on the way belongs to no report; it would be written across the bars.
    LogManager.getLogManager().reset();
    Scenario scenario = options.apply(asked);
    options.check(scenario.target(), commandLine);
    PrintWriter out = commandLine.getOut();
    PrintWriter err = commandLine.getErr();
    Progress progress = new Progress(err, scenario, terminal());
    CountDownLatch reported = new CountDownLatch(1);
    try (Run run = new Run(scenario, options.threads(), ClientLoop.Settings.anywhere(), progress)) {
      Thread hook = new Thread(() -> onSignal(run, reported), "bots-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      Outcome outcome = run.run();
      out.print(TextReport.of(outcome));
      out.flush();
      for (Map.Entry<Path, Function<Outcome, String>> file : options.files().entrySet()) {
        write(file.getKey(), file.getValue().apply(outcome));
      }
      reported.countDown();
      unhook(hook);
      return outcome.exitCode();
    } catch (IOException e) {
      err.println("sfu bots: " + e.getMessage());
      return BotsCommand.ABORTED;
    } finally {
      reported.countDown();
    }
  }

  private static boolean terminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private static void write(Path file, String text) throws IOException {
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException("the report cannot be written to " + file + ": " + e.getMessage(), e);
    }
  }

  private static void onSignal(Run run, CountDownLatch reported) {
    run.stop();
    try {
      var unused = reported.await(REPORT_SECONDS, TimeUnit.SECONDS);
      // Else the code would be that of the signal.
      Runtime.getRuntime().halt(BotsCommand.ABORTED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending by a signal, and the hook does the rest.
      return;
    }
  }
}
