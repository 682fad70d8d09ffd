package dev.parley.bots.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What all benchmarks have in common: their progress, their report, the file of their result. */
class ResultOptions {
  /** Measures, and tells each step. */
  interface Measurement<R> {
    R run(Consumer<String> progress) throws IOException, InterruptedException;
  }

  /** What else becomes of a result. */
  interface Afterwards<R> {
    void accept(R result) throws IOException;
  }

  @Option(names = "--json", paramLabel = "FILE", description = "write every measurement there")
  private @Nullable Path json;

  /** Measures, prints the report and writes the file; the exit code. */
  final <R> int measure(
      CommandLine commandLine, Measurement<R> measurement, Function<R, String> report)
      throws InterruptedException {
    return measure(commandLine, measurement, report, result -> {});
  }

  /** The same; {@code then} has the result when report and file are written. */
  final <R> int measure(
      CommandLine commandLine,
      Measurement<R> measurement,
      Function<R, String> report,
      Afterwards<R> then)
      throws InterruptedException {
    PrintWriter out = commandLine.getOut();
    PrintWriter err = commandLine.getErr();
    try {
      R result =
          measurement.run(step -> {
            err.println("… " + step);
            err.flush();
          });
      out.print(report.apply(result));
      out.flush();
      if (json != null) {
        ResultFile.write(json, result);
      }
      then.accept(result);
      return 0;
    } catch (IOException e) {
      err.println("The benchmark failed: " + e.getMessage());
      return 1;
    }
  }
}
