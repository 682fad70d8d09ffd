package dev.parley.bots.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which cores the server and the load of a case run on, by {@code taskset}. */
final class Cores {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final int SECONDS = 5;

  private Cores() {}

  /** The load on all cores but the server's, until it is closed. */
  static final class KeptOff implements AutoCloseable {
    private final String all;
    private final String others;

    private KeptOff(String all, String others) {
      this.all = all;
      this.others = others;
    }

    /** Those that the load has, for people. */
    String cores() {
      return others;
    }

    @Override
    public void close() throws IOException {
      confine(all);
    }
  }

  /** The cores of a list such as {@code 0-2,5}. */
  static List<Integer> parse(String list) {
    List<Integer> cores = new ArrayList<>();
    for (String part : list.strip().split(",", -1)) {
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
      IntStream.rangeClosed(first, last).forEach(cores::add);
    }
    return cores;
  }

  private static List<Integer> allowed() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(ALLOWED))
          .map(line -> parse(line.substring(ALLOWED.length())))
          .findFirst()
          .orElse(List.of());
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
  }

  /** Whether the server can have a core of its own, with another left for the load. */
  static boolean divisible() {
    try {
      return allowed().size() > 1 && run(List.of("taskset", "--version"));
    } catch (IOException e) {
      return false;
    }
  }

  /** What starts a process that runs on one core, the first. Only where it is divisible. */
  static List<String> serverLauncher() {
    return List.of("taskset", "-c", Integer.toString(allowed().getFirst()));
  }

  /** Confines this process, its threads of later included, to the other cores. */
  static KeptOff keepLoadOff() throws IOException {
    List<Integer> all = allowed();
    String others = text(all.subList(1, all.size()));
    confine(others);
    return new KeptOff(text(all), others);
  }

  private static String text(List<Integer> cores) {
    return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static void confine(String cores) throws IOException {
    String self = Long.toString(ProcessHandle.current().pid());
    if (!run(List.of("taskset", "-a", "-c", "-p", cores, self))) {
      throw new IOException("taskset cannot confine this process to the cores " + cores);
    }
  }

  private static boolean run(List<String> command) throws IOException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
