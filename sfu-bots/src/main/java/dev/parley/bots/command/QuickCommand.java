package dev.parley.bots.command;

import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.media.Encoding;
import dev.parley.bots.media.VoiceSource;
import dev.parley.bots.scenario.Executor;
import dev.parley.bots.scenario.Group;
import dev.parley.bots.scenario.Profile;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Target;
import dev.parley.bots.scenario.Tokens;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bots quick}. */
@Command(
    name = "quick",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeOnInvalidInput = BotsCommand.USAGE,
    exitCodeOnExecutionException = BotsCommand.ABORTED,
    description = "Meetings without a scenario file: everybody sends and receives.")
final class QuickCommand implements Callable<Integer> {
  private static final int MOST_BOTS = 10_000;
  private static final int MOST_SECONDS = 3600;
  private static final int RAMP_PARTS = 4;
  private static final Duration SPEAK = Duration.ofSeconds(4);
  private static final Duration SILENCE = Duration.ofSeconds(8);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--bots", paramLabel = "N", description = "in all rooms together")
  private int bots = 10;

  @Option(names = "--room-size", paramLabel = "N", description = "bots in each room")
  private int roomSize = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "of the run; in the first quarter the bots come")
  private int seconds = 20;

  @Option(names = "--codec", description = "of the cameras: ${COMPLETION-CANDIDATES}")
  private VideoFormat codec = VideoFormat.VP8;

  @Option(names = "--transport", description = "of the media: ${COMPLETION-CANDIDATES}")
  private Profile.Transport transport = Profile.Transport.UDP;

  @Override
  public Integer call() {
    if (bots < 1 || bots > MOST_BOTS || roomSize < 1 || seconds < 1 || seconds > MOST_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--bots is from 1 to %d, --room-size at least 1, --seconds from 1 to %d"
              .formatted(MOST_BOTS, MOST_SECONDS));
    }
    return new ScenarioRunner(spec.commandLine(), options).run(scenario());
  }

  private Scenario scenario() {
    Profile profile =
        new Profile(
            "meeting",
            Optional.of(
                new Profile.Microphone(
                    new VoiceSource.Talk(SPEAK.toNanos(), SILENCE.toNanos()),
                    false,
                    Optional.empty())),
            Optional.of(
                new Profile.Video(
                    codec,
                    List.of(
                        new Encoding("q", 320, 180, 15, 150_000),
                        new Encoding("h", 640, 360, 15, 500_000)),
                    false,
                    Optional.empty())),
            Optional.empty(),
            new Profile.Receive(3, Math.min(roomSize, 9), OptionalInt.empty(), 16),
            transport,
            Profile.Ice.LIGHT,
            Profile.Network.NONE,
            Profile.Signaling.SFU);
    Duration whole = Duration.ofSeconds(seconds);
    Duration ramp = whole.dividedBy(RAMP_PARTS);
    Group group =
        new Group(
            "quick",
            new Executor.RampingBots(
                0,
                List.of(
                    new Executor.Stage(ramp, bots), new Executor.Stage(whole.minus(ramp), bots)),
                Optional.empty()),
            Duration.ZERO,
            new Group.Rooms.OfSize("quick-*", roomSize),
            List.of(
                new Group.Role(
                    "everybody",
                    profile,
                    OptionalInt.empty(),
                    "participant",
                    Optional.empty(),
                    List.of())));
    return new Scenario(
        "%d bots in rooms of %d".formatted(bots, roomSize),
        1,
        whole.plusSeconds(1),
        new Target(
            URI.create("http://127.0.0.1:8080"),
            Optional.of(URI.create("http://127.0.0.1:8081")),
            new Tokens.None()),
        List.of(group),
        List.of());
  }
}
