package dev.parley.bots.bench;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a benchmark that starts a server. */
final class BenchOptions extends ResultOptions {
  @Option(
      names = "--server-option",
      paramLabel = "OPTION",
      description = "a JVM option for the server's process, for instance a profiler's; repeatable")
  private List<String> serverOptions = new ArrayList<>();

  List<String> serverOptions() {
    return serverOptions;
  }
}
