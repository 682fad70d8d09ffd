package dev.parley.signaling.token;

import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a token lets its holder do in a room. Immutable; any thread.
 *
 * @param publish the sources that may be published
 * @param subscribe whether anything is sent to the holder
 * @param bypassQueue whether the holder enters without waiting
 * @param priority 0 to {@link #MAX_PRIORITY}: the place in the queue, higher is earlier
 * @param maxSessionSec how long the holder may stay in the room, when limited
 */
public record Grants(
    Set<TrackSource> publish,
    boolean subscribe,
    boolean chat,
    boolean data,
    boolean moderate,
    Role role,
    boolean bypassQueue,
    int priority,
    OptionalInt maxSessionSec) {
  public static final int MAX_PRIORITY = 9;
  public static final int MAX_SESSION_SEC = 86_400;

  /** What somebody may do whose token says nothing, or who needs none. */
  public static final Grants DEFAULT = of(Role.PARTICIPANT);

  public Grants {
    Set<TrackSource> ordered = EnumSet.noneOf(TrackSource.class);
    ordered.addAll(publish);
    publish = Collections.unmodifiableSet(ordered);
    if (priority < 0 || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException("priority: " + priority + " is not in 0..9");
    }
    if (maxSessionSec.isPresent()
        && (maxSessionSec.getAsInt() < 1 || maxSessionSec.getAsInt() > MAX_SESSION_SEC)) {
      throw new IllegalArgumentException(
          "maxSessionSec: " + maxSessionSec.getAsInt() + " is not in 1.." + MAX_SESSION_SEC);
    }
  }

  /** What a role may do when the token says nothing else. */
  public static Grants of(Role role) {
    boolean leads = role.leads();
    boolean watches = role == Role.VIEWER;
    return new Grants(
        watches ? Set.of() : EnumSet.allOf(TrackSource.class),
        true,
        true,
        !watches,
        leads,
        role,
        leads,
        0,
        OptionalInt.empty());
  }

  /** In development everybody may try everything, but waits like anybody. */
  public static final Grants DEVELOPMENT = DEFAULT.moderating(true);

  private Grants moderating(boolean now) {
    return new Grants(
        publish, subscribe, chat, data, now, role, bypassQueue, priority, maxSessionSec);
  }

  /** The same holder in another role: a viewer publishes nothing, a moderator moderates. */
  public Grants as(Role other) {
    boolean leads = other.leads();
    return new Grants(
        other == Role.VIEWER ? Set.of() : publish,
        subscribe,
        chat,
        data,
        leads,
        other,
        bypassQueue || leads,
        priority,
        maxSessionSec);
  }

  /** Why a request is not covered; empty when it is. Whether the room is, is asked elsewhere. */
  public Optional<Refusal> refuse(Request request) {
    return switch (request) {
      case Request.Join join ->
          refuseMedia(
              join.tracks().stream().map(Request.TrackOffer::source).toList(),
              join.sdp().orElse(""));
      case Request.TrackUpdate update when update.active().orElse(true) ->
          refusePublishing(update.source().stream().toList());
      case Request.Negotiate(int _, String sdp) -> refuseReceiving(sdp);
      case Request _ -> Optional.empty();
    };
  }

  /** Why an offer that publishes these sources may not be made; empty when it may. */
  public Optional<Refusal> refuseMedia(Collection<TrackSource> sources, String sdp) {
    return refusePublishing(sources).or(() -> refuseReceiving(sdp));
  }

  private Optional<Refusal> refusePublishing(Collection<TrackSource> sources) {
    return sources.stream()
        .filter(source -> !publish.contains(source))
        .findFirst()
        .map(source -> forbidden("the token does not let you publish " + source.wireName()));
  }

  /** Slots are the sections that are offered recvonly. */
  private Optional<Refusal> refuseReceiving(String sdp) {
    return subscribe || !sdp.contains("a=recvonly")
        ? Optional.empty()
        : Optional.of(forbidden("the token does not let you receive anything: offer no slots"));
  }

  /** As clients are told: each right by name, and each source that may be published. */
  public List<String> permissions() {
    List<String> names = new ArrayList<>();
    if (!publish.isEmpty()) {
      names.add("publish");
    }
    publish.forEach(source -> names.add("publish." + source.wireName()));
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
    return List.copyOf(names);
  }

  private static Refusal forbidden(String message) {
    return Refusal.of(ErrorCode.FORBIDDEN, message);
  }
}
