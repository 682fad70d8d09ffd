package dev.parley.bots.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench forward}. */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What forwarding a packet costs, beside the floor: encrypting the same bytes and sending them"
          + " to the same receivers in the same batches, measured in the same run."
    })
final class ForwardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--subscribers", paramLabel = "N", description = "receivers of each packet")
  private int subscribers = 50;

  @Option(names = "--rate", paramLabel = "N", description = "packets published a second")
  private double rate = 1200;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "packets of a frame, published back to back; 1 leaves nothing to group")
  private int burst = 8;

  @Option(names = "--payload", paramLabel = "BYTES", description = "of each RTP packet")
  private int payload = 1100;

  @Option(names = "--profile", description = "of SRTP: ${COMPLETION-CANDIDATES}")
  private ProfileOption profile = ProfileOption.gcm128;

  @Option(
      names = "--transport",
      description = "towards the subscribers: ${COMPLETION-CANDIDATES}; only udp has floors")
  private TransportOption transport = TransportOption.UDP;

  @Option(names = "--rounds", paramLabel = "N", description = "of server and floors in turn")
  private int rounds = 7;

  @Option(names = "--seconds", paramLabel = "S", description = "of each turn")
  private double seconds = 1.5;

  @Option(names = "--warm-up", paramLabel = "S", description = "before the first round")
  private double warmUp = 5;

  @Option(names = "--seed", paramLabel = "N", description = "of the synthetic media")
  private long seed = 1;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws InterruptedException {
    ForwardSettings settings =
        new ForwardSettings(
            subscribers,
            rate,
            burst,
            payload,
            profile.profile(),
            transport,
            rounds,
            (int) (seconds * 1_000),
            (int) (warmUp * 1_000),
            seed);
    return options.measure(
        spec.commandLine(),
        progress -> {
          try (ForwardBench bench = new ForwardBench(settings, options.serverOptions(), progress)) {
            return bench.run();
          }
        },
        ForwardReport::of);
  }
}
