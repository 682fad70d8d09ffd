package dev.parley.bots.bot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.scenario.Action;
import dev.parley.bots.signal.IceServers;
import dev.parley.bots.signal.SfuSession;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.TrackSource;
import dev.parley.core.ice.IceCredentials;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bot's visit: it connects, waits in line if it must, sends and receives, does what its role
 * says, and leaves. Loop's thread only.
 */
final class Bot extends MediaBot implements SfuSession.Listener {
  private static final long LAST_PACKETS_NANOS = 200_000_000;
  private static final long MEDIA_PATIENCE_NANOS = 30_000_000_000L;

  private final SlotStates slots = new SlotStates();
  private final SfuSession session;
  private long askedNanos;
  private long queuedNanos = -1;
  private int gen;
  private @Nullable Runnable admission;
  private String admitToken = "";

  Bot(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    super(plan, around, onEnd);
    this.session =
        new SfuSession(loop, around.http(), around.server(), plan.token(), random.split(), this);
  }

  @Override
  void comeIn(long nowNanos) {
    var unused =
        session
            .open()
            .thenCompose(open -> {
              times.phase(Metric.JOIN_CONNECT);
              return session.hello();
            })
            .thenCompose(hello -> {
              times.phase(Metric.JOIN_HELLO);
              return chooseWay(IceServers.relays(hello));
            })
            .whenComplete((chosen, e) -> {
              if (ended()) {
                return;
              }
              if (e != null) {
                fail(SfuSession.codeOf(e));
              } else {
                client.join(loop.nowNanos());
              }
            });
  }

  @Override
  void onInside() {
    plan.role().admitEvery().ifPresent(every -> admitEvery(every.toNanos()));
    plan.role()
        .profile()
        .receive()
        .height()
        .ifPresent(height ->
            ask("view", SfuSession.data().put("layout", "grid").put("defaultHeight", height)));
  }

  private void admitEvery(long nanos) {
    loop.at(
        loop.nowNanos() + nanos,
        () -> {
          if (!ended()) {
            ask("mod.admit", SfuSession.data().put("next", true));
            admitEvery(nanos);
          }
        });
  }

  /** Sends a request whose refusal changes nothing for the bot. */
  void ask(String type, ObjectNode data) {
    var unused = session.request(type, data).exceptionally(e -> SfuSession.data());
  }

  @Override
  public CompletionStage<Joined> join(Offer offer) {
    CompletableFuture<Joined> joined = new CompletableFuture<>();
    loop.at(loop.nowNanos() + MEDIA_PATIENCE_NANOS, () -> checkPatience());
    sendJoin(offer, joined);
    return joined;
  }

  @Override
  boolean waits() {
    return queuedNanos >= 0;
  }

  private void checkPatience() {
    if (!ended() && !wasInside() && queuedNanos < 0) {
      if (loop.nowNanos() - askedNanos >= MEDIA_PATIENCE_NANOS) {
        fail("media_timeout");
      } else {
        loop.at(askedNanos + MEDIA_PATIENCE_NANOS, this::checkPatience);
      }
    }
  }

  private void sendJoin(Offer offer, CompletableFuture<Joined> joined) {
    ObjectNode data =
        SfuSession.data()
            .put("room", room())
            .put("displayName", plan.name())
            .put("sdp", offer.sdp());
    ArrayNode tracks = data.putArray("tracks");
    for (TrackPublication track : offer.tracks()) {
      if (track.source() != TrackSource.SCREEN) {
        tracks
            .addObject()
            .put("mid", track.mid())
            .put("source", track.source().wireName())
            .put("muted", track.muted());
      }
    }
    if (!admitToken.isEmpty()) {
      data.put("admitToken", admitToken);
    }
    askedNanos = loop.nowNanos();
    var unused =
        session
            .request("join", data)
            .whenComplete((reply, e) -> {
              if (ended()) {
                return;
              }
              if (e != null) {
                fail(SfuSession.codeOf(e));
              } else if (reply.path("status").asText().equals("queued")) {
                onQueued(reply, () -> sendJoin(offer, joined));
              } else {
                onAnswer(reply, joined);
              }
            });
  }

  private void onQueued(JsonNode reply, Runnable again) {
    queuedNanos = loop.nowNanos();
    admission = again;
    measured.count(Metric.QUEUED, 1);
    String joinedAt = reply.path("ticket").path("joinedAt").asText();
    around.book().wait(room(), this, joinedAt.isEmpty() ? Instant.MAX : Instant.parse(joinedAt));
    actions.onQueued(queuedNanos);
  }

  private void onAdmitted(JsonNode data) {
    Runnable again = admission;
    if (again == null) {
      return;
    }
    admission = null;
    admitToken = data.path("admitToken").asText();
    times.waited(loop.nowNanos() - queuedNanos);
    queuedNanos = -1;
    if (around.book().admit(room(), this)) {
      measured.count(Metric.QUEUE_OUT_OF_ORDER, 1);
    }
    again.run();
  }

  private void onAnswer(JsonNode reply, CompletableFuture<Joined> joined) {
    measured.time(Metric.JOIN_ANSWER, loop.nowNanos() - askedNanos);
    times.goOn();
    gen = reply.path("gen").asInt();
    slots.learn(reply.path("slots"));
    for (JsonNode participant : reply.path("participants")) {
      for (JsonNode track : participant.path("tracks")) {
        boolean seen = track.path("kind").asText().equals("video");
        if (seen && !track.path("muted").asBoolean()) {
          times.picturesDue();
        }
      }
    }
    joined.complete(new Place(reply.path("sdp").asText()));
  }

  private final class Place implements Restartable {
    private final String answerSdp;

    Place(String answerSdp) {
      this.answerSdp = answerSdp;
    }

    @Override
    public String answerSdp() {
      return answerSdp;
    }

    @Override
    public CompletionStage<IceCredentials> restartIce(IceCredentials local) {
      ObjectNode data =
          SfuSession.data().put("gen", gen).put("ufrag", local.ufrag()).put("pwd", local.pwd());
      return session
          .request("ice.restart", data)
          .thenApply(reply -> {
            gen = reply.path("gen").asInt(gen);
            return new IceCredentials(reply.path("ufrag").asText(), reply.path("pwd").asText());
          });
    }

    @Override
    public void leave() {
      // The session says goodbye.
    }
  }

  @Override
  public void onEvent(String type, JsonNode data, long nowNanos) {
    switch (type) {
      case "slots" -> {
        for (JsonNode change : data.path("changes")) {
          String mid = change.path("mid").asText();
          slots.change(mid, change.path("state").asText());
          client.onSlotChange(mid);
        }
      }
      case "layers" ->
          client.onLayers(
              data.path("mid").asText(),
              data.path("active").valueStream().map(JsonNode::asText).toList(),
              nowNanos);
      case "queue.admitted" -> onAdmitted(data);
      case "queue.denied" -> fail("queue_" + data.path("reason").asText());
      default -> {
        // What is only shown to people.
      }
    }
  }

  @Override
  public void onSocketLost(long nowNanos) {
    measured.count(Metric.SOCKETS_LOST, 1);
  }

  @Override
  public void onResumed(long tookNanos) {
    measured.time(Metric.RECONNECT, tookNanos);
  }

  @Override
  public void onEnded(String code, String reason) {
    fail(code);
  }

  @Override
  public void act(Action action) {
    long now = loop.nowNanos();
    switch (action.kind()) {
      case TOGGLE_MICROPHONE -> toggle(sources.find(TrackSource.MICROPHONE), now);
      case TOGGLE_CAMERA -> toggle(sources.find(TrackSource.CAMERA), now);
      case PUBLISH_SCREEN -> showScreen(true, now);
      case UNPUBLISH_SCREEN -> showScreen(false, now);
      case DROP_SOCKET -> session.dropSocket();
      case SWITCH_ROOM -> action.room().ifPresent(this::switchRoom);
      case LEAVE_QUEUE -> {
        if (queuedNanos >= 0) {
          measured.count(Metric.QUEUE_LEFT, 1);
          leave();
        }
      }
      case CHAT ->
          ask(
              "chat.send",
              SfuSession.data()
                  .put("text", "hello from " + plan.name())
                  .put("clientMsgId", Long.toHexString(random.nextLong())));
      case SWITCH_NETWORK, BLACKOUT, RESTART_ICE, LEAVE -> super.act(action);
    }
  }

  private void toggle(int index, long nowNanos) {
    boolean on = !sources.isOn(index);
    sources.set(index, on);
    client.mute(index, !on, nowNanos);
    if (sources.at(index) == TrackSource.CAMERA) {
      onCamera(on, nowNanos);
    }
    ask("track.update", SfuSession.data().put("mid", Integer.toString(index)).put("muted", !on));
  }

  private void showScreen(boolean on, long nowNanos) {
    int index = sources.find(TrackSource.SCREEN);
    sources.set(index, on);
    ask(
        "track.update",
        SfuSession.data()
            .put("mid", Integer.toString(index))
            .put("active", on)
            .put("source", TrackSource.SCREEN.wireName()));
    client.mute(index, !on, nowNanos);
  }

  private void switchRoom(String pattern) {
    String to = pattern.replace("*", Integer.toString(plan.roomNumber()));
    var unused =
        session
            .request("room.switch", SfuSession.data().put("room", to))
            .whenComplete((reply, e) -> {
              if (ended()) {
                return;
              }
              if (e != null) {
                measured.failure("switch_" + SfuSession.codeOf(e));
              } else if (reply.path("status").asText().equals("joined")) {
                moved(to);
              }
            });
  }

  @Override
  int pausedVideo() {
    return slots.pausedVideo();
  }

  @Override
  void onMediaFailed(String code) {
    fail(code);
  }

  @Override
  void onLeft() {
    // What was sent last is to reach the server before it is told to forget the bot.
    loop.at(loop.nowNanos() + LAST_PACKETS_NANOS, session::bye);
  }
}
