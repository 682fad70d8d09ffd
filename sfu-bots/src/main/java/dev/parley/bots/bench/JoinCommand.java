package dev.parley.bots.bench;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench join}. */
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "How long a viewer waits for its answer, its connection and its first picture.")
final class JoinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--joins", paramLabel = "N", description = "that are counted")
  private int joins = 50;

  @Option(names = "--warm-up", paramLabel = "N", description = "joins before them")
  private int warmUp = 15;

  @Option(
      names = "--pause",
      paramLabel = "MS",
      description =
          "between two joins; shorter than the server's key-frame interval measures that interval")
  private int pause = 600;

  @Option(
      names = "--key-frames-at-once",
      description = "the publisher sends key frames on request and not with its next frame")
  private boolean keyFramesAtOnce;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "of a running server, joined by WHIP and WHEP; else one is started")
  private @Nullable String url;

  @Option(names = "--room", paramLabel = "ID", description = "in that server")
  private String room = "bench";

  @Option(names = "--token", paramLabel = "JWT", description = "for that server")
  private @Nullable String token;

  @Option(names = "--seed", paramLabel = "N", description = "of media and pauses")
  private long seed = 1;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    JoinSettings settings =
        new JoinSettings(
            joins, warmUp, pause, keyFramesAtOnce, Optional.ofNullable(url), room, seed);
    return options.measure(
        spec.commandLine(),
        progress -> {
          try (JoinBench bench =
              new JoinBench(
                  settings, Optional.ofNullable(token), options.serverOptions(), progress)) {
            return bench.run();
          }
        },
        JoinReport::of);
  }
}
