package dev.parley.bots.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How a server's process of a benchmark begins: by this JDK, with the memory of this JVM. */
final class JavaCommand {
  private static final String MEMORY =
      "-XX:[+-]Use\\w*GC|-Xms\\w+|-XX:(ZUncommitDelay|TrimNativeHeapInterval)=\\d+";

  private JavaCommand() {}

  /** The program and the options that every JVM of the project has. */
  static List<String> begin() {
    return Stream.concat(
            Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            options().stream())
        .toList();
  }

  /** The options without the program. */
  static List<String> options() {
    return Stream.concat(
            Stream.of("--enable-native-access=ALL-UNNAMED"),
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.matches(MEMORY)))
        .toList();
  }
}
