package dev.parley.signaling.room;

import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What somebody may do in a room, by their token.
 *
 * @param publish the sources
 * @param subscribe may see and hear others
 * @param moderate may use the moderators' requests
 * @param bypassQueue never waits
 * @param priority in the queue, 0 to 9
 * @param maxSessionSec how long one visit may last
 */
public record Rights(
    Set<TrackSource> publish,
    boolean subscribe,
    boolean chat,
    boolean data,
    boolean moderate,
    boolean bypassQueue,
    int priority,
    OptionalLong maxSessionSec) {
  public static final Rights MEMBER =
      new Rights(
          EnumSet.allOf(TrackSource.class),
          true,
          true,
          true,
          false,
          false,
          0,
          OptionalLong.empty());

  public Rights {
    publish = Set.copyOf(publish);
  }

  public Rights moderating(boolean moderates) {
    return new Rights(
        publish, subscribe, chat, data, moderates, bypassQueue, priority, maxSessionSec);
  }

  public Rights publishing(Set<TrackSource> sources) {
    return new Rights(
        sources, subscribe, chat, data, moderate, bypassQueue, priority, maxSessionSec);
  }

  /** The rights of somebody whose token said {@code this}, in another role. */
  Rights as(Role role) {
    return switch (role) {
      case HOST, MODERATOR -> moderating(true);
      case PARTICIPANT -> moderating(false);
      case VIEWER -> moderating(false).publishing(Set.of());
    };
  }

  /** As {@code self.permissions} says it. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (!publish.isEmpty()) {
      names.add("publish");
      publish.stream().sorted().forEach(source -> names.add("publish." + source.wireName()));
    }
    if (subscribe) {
      names.add("subscribe");
    }
    if (chat) {
      names.add("chat");
    }
    if (data) {
      names.add("data");
    }
    if (moderate) {
      names.add("moderate");
    }
    return names;
  }
}
