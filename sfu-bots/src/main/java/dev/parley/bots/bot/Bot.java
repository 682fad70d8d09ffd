package dev.parley.bots.bot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.ClientPath;
import dev.parley.bots.client.ClientWay;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.scenario.Action;
import dev.parley.bots.scenario.Profile;
import dev.parley.bots.signal.SfuSession;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.TrackSource;
import dev.parley.core.ice.IceCredentials;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bot's visit: it connects, waits in line if it must, sends and receives, does what its role
 * says, and leaves. Loop's thread only.
 */
final class Bot implements Visitor, SfuSession.Listener, Signaling, BotActions.Actor {
  private static final long LAST_PACKETS_NANOS = 200_000_000;
  private static final long MEDIA_PATIENCE_NANOS = 30_000_000_000L;

  private final BotPlan plan;
  private final Surroundings around;
  private final ClientLoop loop;
  private final Measurements measured;
  private final Consumer<Visitor> onEnd;
  private final SplittableRandom random;
  private final BotSources sources;
  private final SlotStates slots = new SlotStates();
  private final BotActions actions;
  private final JoinTimes times;
  private final MediaTotals totals;
  private final DueTracks due;
  private final SfuSession session;
  private final LightClient client;
  private String room;
  private long askedNanos;
  private long queuedNanos = -1;
  private long insideNanos = Long.MAX_VALUE;
  private long picturesNanos = Long.MAX_VALUE;

  private int gen;
  private @Nullable Runnable admission;
  private String admitToken = "";
  private boolean ended;

  /**
   * Does nothing before {@link #start}.
   *
   * @param onEnd told once, when it is over
   */
  Bot(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    this.plan = plan;
    this.around = around;
    this.loop = around.loop();
    this.measured = around.measurements();
    this.onEnd = onEnd;
    this.random = new SplittableRandom(plan.seed());
    this.room = plan.room();
    Profile profile = plan.role().profile();
    this.sources = new BotSources(profile, plan.stampKey(), random.split());
    this.session =
        new SfuSession(loop, around.http(), around.server(), plan.token(), random.split(), this);
    this.client =
        loop.open(
            plan.name(),
            new LightClient.Plan(
                sources.all(),
                profile.receive().audio(),
                profile.receive().video(),
                profile.receive().decryptOneIn(),
                true,
                plan.stampKey(),
                profile.videoFormat()),
            this,
            new MediaEvents(measured, this::fail),
            new ClientPath(
                profile.overTcp() ? new ClientWay.Tcp() : new ClientWay.Udp(),
                profile.network().up(),
                profile.network().down(),
                random.nextLong()));
    this.times = new JoinTimes(loop, measured);
    this.totals = new MediaTotals(loop, client, measured);
    this.due = new DueTracks(measured, profile.receive().video());
    this.actions = new BotActions(this, loop, plan.role().actions(), random.split());
  }

  @Override
  public void start() {
    times.begin();
    long now = loop.nowNanos();
    plan.stay().ifPresent(stay -> loop.at(now + stay.toNanos(), this::leave));
    for (int i = 0; i < sources.all().size(); i++) {
      if (!sources.isOn(i)) {
        client.mute(i, true, now);
      }
    }
    times.follow(client, this::onMedia);
    var unused =
        session
            .open()
            .thenCompose(open -> {
              times.phase(Metric.JOIN_CONNECT);
              return session.hello();
            })
            .whenComplete((hello, e) -> {
              if (ended) {
                return;
              }
              if (e != null) {
                fail(SfuSession.codeOf(e));
              } else {
                times.phase(Metric.JOIN_HELLO);
                client.join(loop.nowNanos());
              }
            });
  }

  private void onMedia() {
    long now = loop.nowNanos();
    insideNanos = now;
    int camera = sources.find(TrackSource.CAMERA);
    picturesNanos = camera >= 0 && sources.isOn(camera) ? now : Long.MAX_VALUE;
    around.book().enter(room, this);
    actions.onInside(now);
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
          if (!ended) {
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

  private void checkPatience() {
    if (!ended && insideNanos == Long.MAX_VALUE && queuedNanos < 0) {
      if (loop.nowNanos() - askedNanos >= MEDIA_PATIENCE_NANOS) {
        fail("media_timeout");
      } else {
        loop.at(askedNanos + MEDIA_PATIENCE_NANOS, this::checkPatience);
      }
    }
  }

  private void sendJoin(Offer offer, CompletableFuture<Joined> joined) {
    ObjectNode data =
        SfuSession.data().put("room", room).put("displayName", plan.name()).put("sdp", offer.sdp());
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
              if (ended) {
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
    around.book().wait(room, this, joinedAt.isEmpty() ? Instant.MAX : Instant.parse(joinedAt));
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
    if (around.book().admit(room, this)) {
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
      case SWITCH_NETWORK -> {
        var unused = loop.replug(client);
      }
      case BLACKOUT -> BotActions.blackout(loop, client, action, () -> ended);
      case DROP_SOCKET -> session.dropSocket();
      case RESTART_ICE -> {
        var unused =
            client
                .restartIce()
                .thenAccept(done -> measured.time(Metric.ICE_RESTART, loop.nowNanos() - now));
      }
      case SWITCH_ROOM -> action.room().ifPresent(this::switchRoom);
      case LEAVE_QUEUE -> {
        if (queuedNanos >= 0) {
          measured.count(Metric.QUEUE_LEFT, 1);
          end();
        }
      }
      case CHAT ->
          ask(
              "chat.send",
              SfuSession.data()
                  .put("text", "hello from " + plan.name())
                  .put("clientMsgId", Long.toHexString(random.nextLong())));
      case LEAVE -> leave();
    }
  }

  private void toggle(int index, long nowNanos) {
    boolean on = !sources.isOn(index);
    sources.set(index, on);
    client.mute(index, !on, nowNanos);
    if (sources.at(index) == TrackSource.CAMERA) {
      picturesNanos = on ? nowNanos : Long.MAX_VALUE;
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
              if (ended) {
                return;
              }
              if (e != null) {
                measured.failure("switch_" + SfuSession.codeOf(e));
              } else if (reply.path("status").asText().equals("joined")) {
                around.book().leave(room, this);
                room = to;
                insideNanos = loop.nowNanos();
                if (picturesNanos != Long.MAX_VALUE) {
                  picturesNanos = insideNanos;
                }
                around.book().enter(room, this);
              }
            });
  }

  @Override
  public void sample(long nowNanos) {
    totals.update();
    if (!ended) {
      int came = totals.activeVideo(nowNanos) + slots.pausedVideo();
      due.sample(around.book(), room, this, insideNanos, came, nowNanos);
    }
  }

  @Override
  public int picturesSince(long nanos) {
    return picturesNanos <= nanos ? 1 : 0;
  }

  @Override
  public boolean inside() {
    return !ended && insideNanos != Long.MAX_VALUE;
  }

  private void fail(String code) {
    if (ended) {
      return;
    }
    measured.count(insideNanos == Long.MAX_VALUE ? Metric.JOIN_FAILED : Metric.BOTS_LOST, 1);
    measured.failure(code);
    end();
  }

  @Override
  public void leave() {
    if (!ended) {
      end();
    }
  }

  private void end() {
    ended = true;
    times.stop();
    totals.update();
    due.end(times.pictured(), loop.nowNanos());
    actions.stop();
    around.book().leave(room, this);
    loop.drop(client);
    // What was sent last is to reach the server before it is told to forget the bot.
    loop.at(loop.nowNanos() + LAST_PACKETS_NANOS, session::bye);
    onEnd.accept(this);
  }
}
