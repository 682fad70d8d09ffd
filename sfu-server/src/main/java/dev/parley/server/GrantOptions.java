package dev.parley.server;

import dev.parley.core.api.TrackSource;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code sfu token} that say what its holder may do. */
final class GrantOptions {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "participant",
      converter = RoleName.class,
      description =
          "host, moderator, participant or viewer (default: ${DEFAULT-VALUE}); decides what the"
              + " options below do not.")
  private Role role = Role.PARTICIPANT;

  @Option(
      names = "--publish",
      paramLabel = "LIST",
      description = "all, none, or a list such as microphone,camera,screen,screenAudio.")
  private @Nullable String publish;

  @Option(
      names = "--subscribe",
      negatable = true,
      fallbackValue = "true",
      description = "Whether it may receive.")
  private @Nullable Boolean subscribe;

  @Option(
      names = "--chat",
      negatable = true,
      fallbackValue = "true",
      description = "Whether it may write in the chat.")
  private @Nullable Boolean chat;

  @Option(
      names = "--data",
      negatable = true,
      fallbackValue = "true",
      description = "Whether it may send data messages.")
  private @Nullable Boolean data;

  @Option(
      names = "--moderate",
      negatable = true,
      fallbackValue = "true",
      description = "Whether it may moderate.")
  private @Nullable Boolean moderate;

  @Option(
      names = "--bypass-queue",
      negatable = true,
      fallbackValue = "true",
      description = "Whether it enters without waiting.")
  private @Nullable Boolean bypassQueue;

  @Option(
      names = "--priority",
      paramLabel = "0..9",
      description = "Its place in the queue, higher is earlier.")
  private int priority;

  @Option(
      names = "--max-session",
      paramLabel = "TIME",
      converter = TokenCommand.TimeToLive.class,
      description = "How long it may stay in the room.")
  private @Nullable Duration maxSession;

  /** Throws {@link IllegalArgumentException} with a message for the operator. */
  Grants grants() {
    Grants usual = Grants.of(role);
    long seconds = maxSession == null ? 0 : maxSession.toSeconds();
    if (seconds > Grants.MAX_SESSION_SEC) {
      throw new IllegalArgumentException("--max-session is at most 24h");
    }
    if (priority < 0 || priority > Grants.MAX_PRIORITY) {
      throw new IllegalArgumentException("--priority is a number from 0 to " + Grants.MAX_PRIORITY);
    }
    return new Grants(
        publish == null ? usual.publish() : sources(publish),
        subscribe == null ? usual.subscribe() : subscribe,
        chat == null ? usual.chat() : chat,
        data == null ? usual.data() : data,
        moderate == null ? usual.moderate() : moderate,
        role,
        bypassQueue == null ? usual.bypassQueue() : bypassQueue,
        priority,
        seconds == 0 ? OptionalInt.empty() : OptionalInt.of((int) seconds));
  }

  private static Set<TrackSource> sources(String list) {
    if (list.equals("all")) {
      return EnumSet.allOf(TrackSource.class);
    }
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    for (String word : list.equals("none") ? List.<String>of() : List.of(list.split(",", -1))) {
      sources.add(source(word.strip()));
    }
    return sources;
  }

  private static TrackSource source(String word) {
    Optional<TrackSource> source =
        Arrays.stream(TrackSource.values())
            .filter(known -> known.wireName().equals(word))
            .findFirst();
    return source.orElseThrow(() ->
        new IllegalArgumentException(
            "--publish: '%s' is no source: expected all, none, or a list of %s"
                .formatted(
                    word,
                    Arrays.stream(TrackSource.values())
                        .map(TrackSource::wireName)
                        .collect(Collectors.joining(", ")))));
  }

  /** Reads {@code moderator}. */
  static final class RoleName implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
      return Arrays.stream(Role.values())
          .filter(role -> role.wireName().equals(text))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + text + "' is no role"));
    }
  }
}
