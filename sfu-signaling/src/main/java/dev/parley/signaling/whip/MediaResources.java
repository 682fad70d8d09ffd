package dev.parley.signaling.whip;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.Entry;
import dev.parley.signaling.room.JoinCommand;
import dev.parley.signaling.room.Joined;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.Queued;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open WHIP and WHEP resources. Any thread; replies come on the room thread. */
final class MediaResources {
  private static final Logger log = LoggerFactory.getLogger(MediaResources.class);

  /** Which of the two protocols; the name is the first element of its paths. */
  enum Protocol {
    WHIP("whip"),
    WHEP("whep");

    private final String path;

    Protocol(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }
  }

  /** What a PATCH has done (RFC 9725 section 4.3). */
  sealed interface Patched {
    /** The candidates are taken note of. */
    record Noted() implements Patched {}

    /** The client's new credentials are in force: these are the server's. */
    record Restarted(String etag, String fragment) implements Patched {}

    /** Nothing: it was meant for other credentials than the present ones. */
    record Outdated() implements Patched {}
  }

  /** A resource that was created, with the answer to its offer. */
  record Created(Resource resource, String sdp) {}

  private static final long RETRY_MS = 5_000;

  private final Services services;
  private final Map<String, Resource> open = new ConcurrentHashMap<>();
  private final EndedResources ended = new EndedResources();

  MediaResources(Services services) {
    this.services = services;
  }

  /**
   * Joins a room for a client that has nothing but HTTP.
   *
   * @param only the one participant a viewer wants, who need not be there yet
   */
  void create(
      Protocol protocol,
      String room,
      Optional<String> only,
      TokenVerdict.Granted who,
      String sdp,
      Consumer<Outcome<Created>> reply) {
    Optional<List<Request.TrackOffer>> tracks = OfferSections.tracks(sdp);
    if (tracks.isEmpty()) {
      reply.accept(
          refused(ErrorCode.SDP_INVALID, "the body is no SDP offer with a mid in each section"));
      return;
    }
    List<Request.TrackOffer> published = protocol == Protocol.WHIP ? tracks.get() : List.of();
    Optional<Refusal> forbidden =
        who.grants().refuseMedia(published.stream().map(Request.TrackOffer::source).toList(), sdp);
    if (forbidden.isPresent()) {
      reply.accept(Outcome.refused(forbidden.get()));
      return;
    }
    Optional<Refusal> full = services.ledger().add(who.identity());
    if (full.isPresent()) {
      reply.accept(Outcome.refused(full.get()));
      return;
    }
    Resource resource =
        new Resource(
            services.rooms(),
            services.ids().resource(),
            room,
            who.identity(),
            newEtag(),
            this::forget);
    services.counters().resourceOpened();
    open.put(resource.id, resource);
    JoinCommand command = command(protocol, room, only, who, sdp, published);
    services
        .roomThread()
        .execute(
            () -> resource.visitor().join(command, joined -> joined(resource, sdp, joined, reply)));
  }

  private JoinCommand command(
      Protocol protocol,
      String room,
      Optional<String> only,
      TokenVerdict.Granted who,
      String sdp,
      List<Request.TrackOffer> tracks) {
    boolean publishes = protocol == Protocol.WHIP;
    return new JoinCommand(
        services.ids().session(),
        room,
        who.identity(),
        who.name().orElse(protocol.path()),
        who.attributes(),
        publishes ? who.grants() : who.grants().as(Role.VIEWER),
        Optional.of(sdp),
        tracks,
        false,
        Optional.of(
            only.isEmpty()
                ? ViewWish.AUTO
                : new ViewWish(ViewWish.Layout.GRID, List.of(), 0, Integer.MAX_VALUE, true, only)),
        JoinCommand.Keys.NONE);
  }

  private void joined(
      Resource resource, String offer, Outcome<Entry> outcome, Consumer<Outcome<Created>> reply) {
    switch (outcome) {
      case Outcome.Done<Entry>(Joined joined) -> {
        LogLine.event("resource.created").with("room", resource.room).info(log);
        MediaSession.Answer answer =
            joined
                .answer()
                .orElseThrow(() -> new IllegalStateException("a join with an offer has an answer"));
        resource.answered(offer, answer);
        reply.accept(Outcome.done(new Created(resource, answer.sdp())));
      }
      case Outcome.Done<Entry>(Queued ignored) -> {
        // Nobody could be told of an admission.
        var unused = resource.visitor().leave(LeaveReason.LEFT);
        forget(resource);
        reply.accept(
            Outcome.refused(
                Refusal.retryAfter(
                    ErrorCode.ROOM_FULL, "the room is full or needs approval", RETRY_MS)));
      }
      case Outcome.Refused<Entry>(Refusal refusal) -> {
        forget(resource);
        reply.accept(Outcome.refused(refusal));
      }
    }
  }

  /**
   * Ends a resource; one that ended a moment ago is left as it is.
   *
   * @param identity who asks; empty where nobody has to say so
   * @return empty when it is over, else why it is not
   */
  Optional<Refusal> delete(String room, String id, Optional<String> identity) {
    @Nullable Resource resource = open.get(id);
    Optional<String> owner =
        resource != null && resource.room.equals(room)
            ? Optional.of(resource.identity)
            : ended.identityOf(room, id, System.nanoTime());
    if (owner.isEmpty()) {
      return Optional.of(Refusal.of(ErrorCode.SESSION_NOT_FOUND, "there is no such resource"));
    }
    if (identity.isPresent() && !identity.equals(owner)) {
      return Optional.of(Refusal.of(ErrorCode.FORBIDDEN, "the resource belongs to somebody else"));
    }
    if (resource != null) {
      forget(resource);
      services.roomThread().execute(() -> resource.visitor().leave(LeaveReason.LEFT));
    }
    return Optional.empty();
  }

  /**
   * Whether a client may change a resource.
   *
   * @param identity who asks; empty where nobody has to say so
   */
  Outcome<Resource> owned(String room, String id, Optional<String> identity) {
    Resource resource = open.get(id);
    if (resource == null || !resource.room.equals(room)) {
      return refused(ErrorCode.SESSION_NOT_FOUND, "there is no such resource");
    }
    if (identity.isPresent() && !identity.get().equals(resource.identity)) {
      return refused(ErrorCode.FORBIDDEN, "the resource belongs to somebody else");
    }
    return Outcome.done(resource);
  }

  /** Restarts ICE if the entity tags are {@code *}, else takes note of candidates. */
  void patch(
      Resource resource, EntityTags tags, SdpFragment fragment, Consumer<Outcome<Patched>> reply) {
    services
        .roomThread()
        .execute(() -> {
          if (tags.any()) {
            restart(resource, fragment, reply);
          } else if (!tags.has(resource.ice().etag())) {
            reply.accept(Outcome.done(new Patched.Outdated()));
          } else {
            trickle(resource, fragment, reply);
          }
        });
  }

  private void restart(Resource resource, SdpFragment fragment, Consumer<Outcome<Patched>> reply) {
    if (fragment.credentials().isEmpty()) {
      reply.accept(
          refused(ErrorCode.BAD_REQUEST, "an ICE restart needs a=ice-ufrag and a=ice-pwd"));
      return;
    }
    SdpFragment.Credentials theirs = fragment.credentials().get();
    Request.IceRestart request =
        new Request.IceRestart(resource.ice().gen(), theirs.ufrag(), theirs.pwd());
    resource
        .visitor()
        .restartIce(
            request,
            outcome ->
                reply.accept(
                    switch (outcome) {
                      case Outcome.Refused<MediaSession.LocalIce>(Refusal refusal) ->
                          Outcome.refused(refusal);
                      case Outcome.Done<MediaSession.LocalIce>(MediaSession.LocalIce local) -> {
                        String etag = newEtag();
                        resource.restarted(local.gen(), etag, theirs.ufrag());
                        LogLine.event("resource.restarted").with("room", resource.room).info(log);
                        yield Outcome.done(
                            new Patched.Restarted(
                                etag, SdpFragment.write(resource.sections(), local)));
                      }
                    }));
  }

  private static void trickle(
      Resource resource, SdpFragment fragment, Consumer<Outcome<Patched>> reply) {
    if (fragment.credentials().filter(c -> resource.isNewUfrag(c.ufrag())).isPresent()) {
      reply.accept(
          refused(ErrorCode.BAD_REQUEST, "new credentials are an ICE restart: If-Match: *"));
      return;
    }
    Request.IceCandidates request =
        new Request.IceCandidates(resource.ice().gen(), fragment.candidates(), fragment.end());
    resource
        .visitor()
        .candidates(
            request,
            outcome ->
                reply.accept(
                    switch (outcome) {
                      case Outcome.Refused<Boolean>(Refusal refusal) -> Outcome.refused(refusal);
                      case Outcome.Done<Boolean> noted -> Outcome.done(new Patched.Noted());
                    }));
  }

  private String newEtag() {
    return '"' + services.ids().track() + '"';
  }

  boolean exists(String room, String id) {
    Resource resource = open.get(id);
    return resource != null && resource.room.equals(room);
  }

  private void forget(Resource resource) {
    // First, so that a DELETE of this moment finds it on either side.
    ended.add(resource, System.nanoTime());
    if (open.remove(resource.id, resource)) {
      services.ledger().remove(resource.identity);
      services.counters().resourceClosed();
      LogLine.event("resource.closed")
          .with("room", resource.room)
          .with("open", open.size())
          .info(log);
    }
  }

  private static <T> Outcome<T> refused(ErrorCode code, String message) {
    return Outcome.refused(Refusal.of(code, message));
  }
}
