package dev.parley.bots.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Which sources a measurement is of, as git tells it. */
final class Commit {
  private static final int SECONDS = 5;

  private Commit() {}

  /** For instance {@code 1a2b3c4}, with a plus when they were changed since; empty: not known. */
  static String here() {
    String id = git("rev-parse", "--short", "HEAD");
    String changes = git("status", "--porcelain", "--untracked-files=no");
    return id.isEmpty() || changes.isEmpty() ? id : id + "+";
  }

  private static String git(String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "git";
    command[1] = "-C";
    command[2] = System.getProperty("parley.home", ".");
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    try {
      Process git =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        // Read while it runs: what it says may be more than a pipe holds.
        CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(git));
        return git.waitFor(SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0 ? said.join() : "";
      } finally {
        git.destroyForcibly();
      }
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String read(Process git) {
    try {
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
