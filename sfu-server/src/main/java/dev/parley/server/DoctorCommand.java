package dev.parley.server;

import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.doctor.Doctor;
import dev.parley.server.doctor.Finding;
import dev.parley.server.doctor.Finding.Verdict;
import dev.parley.server.doctor.ThisMachine;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sfu doctor}. */
@Command(
    name = "doctor",
    description = "Checks the machine and the configuration.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    // What libraries say on the way belongs to no finding.
    LogManager.getLogManager().reset();
    Doctor doctor = new Doctor(new ThisMachine());
    List<Finding> findings;
    try {
      findings = doctor.examine(options.load());
    } catch (InvalidConfigException invalid) {
      findings = doctor.examine(invalid.problems());
    }
    return report(
        findings, spec.commandLine().getOut(), spec.commandLine().getColorScheme().ansi());
  }

  static int report(List<Finding> findings, PrintWriter out, Ansi ansi) {
    for (Finding finding : findings) {
      out.println(mark(finding.verdict(), ansi) + finding.title());
      if (finding.verdict() != Verdict.OK) {
        out.println("         why   " + finding.cause());
        out.println("         do    " + finding.advice());
      }
    }
    long problems = findings.stream().filter(f -> f.verdict() == Verdict.PROBLEM).count();
    long warnings = findings.stream().filter(f -> f.verdict() == Verdict.WARNING).count();
    out.println();
    out.println(
        String.join(
            ", ",
            count(findings.size(), "check"),
            count(warnings, "warning"),
            count(problems, "problem")));
    out.flush();
    return problems == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String mark(Verdict verdict, Ansi ansi) {
    return switch (verdict) {
      case OK -> ansi.string("@|green ok|@       ");
      case WARNING -> ansi.string("@|yellow warning|@  ");
      case PROBLEM -> ansi.string("@|red problem|@  ");
    };
  }
}
