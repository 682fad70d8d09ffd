package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.ClientPath;
import dev.parley.bots.client.ClientWay;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.RelayOffer;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.scenario.Action;
import dev.parley.bots.scenario.Profile;
import dev.parley.bots.signal.RefusedException;
import dev.parley.core.api.TrackSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What all bots have, however they come in: their media, the account of what they got, what they do
 * to their network, and an end. Loop's thread only.
 */
abstract class MediaBot implements Visitor, Signaling, BotActions.Actor {
  /** Who has tried for so long and has to go did not get in; who has just come was not let try. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  final BotPlan plan;
  final Surroundings around;
  final ClientLoop loop;
  final Measurements measured;
  final SplittableRandom random;
  final BotSources sources;
  final LightClient client;
  final JoinTimes times;
  final BotActions actions;
  private final Consumer<Visitor> onEnd;
  private final MediaTotals totals;
  private final DueTracks due;
  private String room;
  private long insideNanos = Long.MAX_VALUE;
  private long picturesNanos = Long.MAX_VALUE;
  private boolean ended;

  /**
   * Does nothing before {@link #start}.
   *
   * @param onEnd told once, when it is over
   */
  MediaBot(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    this.plan = plan;
    this.around = around;
    this.loop = around.loop();
    this.measured = around.measurements();
    this.onEnd = onEnd;
    this.random = new SplittableRandom(plan.seed());
    this.room = plan.room();
    Profile profile = plan.role().profile();
    Profile.Receive receive = profile.receive();
    this.sources = new BotSources(profile, plan.stampKey(), random.split());
    this.client =
        loop.open(
            plan.name(),
            new LightClient.Plan(
                sources.all(),
                receive.audio(),
                receive.video(),
                receive.decryptOneIn(),
                true,
                plan.stampKey(),
                profile.videoFormat()),
            this,
            new MediaEvents(measured, this::onMediaFailed),
            new ClientPath(
                firstWay(profile),
                profile.network().up(),
                profile.network().down(),
                random.nextLong()));
    this.times = new JoinTimes(loop, measured);
    this.totals = new MediaTotals(loop, client, measured);
    this.due = new DueTracks(measured, receive.video());
    this.actions = new BotActions(this, loop, plan.role().actions(), random.split());
  }

  /** Where a relay is, the server says later; see {@link #chooseWay}. */
  private static ClientWay firstWay(Profile profile) {
    boolean tcp = profile.transport() == Profile.Transport.TCP;
    if (profile.ice() == Profile.Ice.FAITHFUL) {
      return new ClientWay.Full(!tcp);
    }
    return tcp ? new ClientWay.Tcp() : new ClientWay.Udp();
  }

  @Override
  public final void start() {
    times.begin();
    long now = loop.nowNanos();
    plan.stay().ifPresent(stay -> loop.at(now + stay.toNanos(), this::leave));
    for (int i = 0; i < sources.all().size(); i++) {
      if (!sources.isOn(i)) {
        client.mute(i, true, now);
      }
    }
    times.follow(client, this::onMedia);
    comeIn(now);
  }

  /** Asks the server to be let in. */
  abstract void comeIn(long nowNanos);

  /** Media flows both ways, for the first time. */
  abstract void onInside();

  /**
   * Media has failed.
   *
   * @param code of what failed
   */
  abstract void onMediaFailed(String code);

  /**
   * Takes the way that the profile names; before the client reads its answer.
   *
   * @param offered by the server to this bot
   * @return completes on the loop's thread; fails with {@link RefusedException} where there is no
   *     such relay
   */
  final CompletionStage<Boolean> chooseWay(List<RelayOffer> offered) {
    CompletableFuture<Boolean> chosen = new CompletableFuture<>();
    Profile.Transport transport = plan.role().profile().transport();
    boolean tls = transport == Profile.Transport.TURN_TLS;
    Optional<RelayOffer> offer = offered.stream().filter(o -> o.tls() == tls).findFirst();
    if (!transport.relayed()) {
      loop.execute(() -> chosen.complete(true));
    } else if (offer.isEmpty()) {
      RefusedException none =
          new RefusedException(
              RefusedException.NO_RELAY, "the server offers no relay by " + transport);
      loop.execute(() -> chosen.completeExceptionally(none));
    } else {
      var unused =
          offer
              .get()
              .way()
              .whenComplete((way, e) ->
                  loop.execute(() -> {
                    if (way == null) {
                      chosen.completeExceptionally(
                          new RefusedException(
                              RefusedException.UNKNOWN_RELAY, "no address of " + offer.get()));
                    } else {
                      if (!ended) {
                        loop.take(client, way);
                      }
                      chosen.complete(true);
                    }
                  }));
    }
    return chosen;
  }

  private void onMedia() {
    long now = loop.nowNanos();
    insideNanos = now;
    int camera = sources.find(TrackSource.CAMERA);
    picturesNanos = camera >= 0 && sources.isOn(camera) ? now : Long.MAX_VALUE;
    around.book().enter(room, this);
    actions.onInside(now);
    onInside();
  }

  /** The camera has been switched on or off. */
  final void onCamera(boolean on, long nowNanos) {
    picturesNanos = on ? nowNanos : Long.MAX_VALUE;
  }

  /** The bot is in another room now. */
  final void moved(String to) {
    around.book().leave(room, this);
    room = to;
    insideNanos = loop.nowNanos();
    if (picturesNanos != Long.MAX_VALUE) {
      picturesNanos = insideNanos;
    }
    around.book().enter(room, this);
  }

  final String room() {
    return room;
  }

  final boolean ended() {
    return ended;
  }

  /** What any client can do; what needs a session is {@link Bot}'s. */
  @Override
  public void act(Action action) {
    long now = loop.nowNanos();
    switch (action.kind()) {
      case SWITCH_NETWORK -> {
        var unused = loop.replug(client);
      }
      case BLACKOUT -> {
        var unused = loop.unplug(client);
        loop.at(
            now + action.lasts().toNanos(),
            () -> {
              if (!ended) {
                var unusedToo = loop.replug(client);
              }
            });
      }
      case RESTART_ICE -> {
        var unused =
            client
                .restartIce()
                .thenAccept(done -> measured.time(Metric.ICE_RESTART, loop.nowNanos() - now));
      }
      case LEAVE -> leave();
      case TOGGLE_MICROPHONE,
          TOGGLE_CAMERA,
          PUBLISH_SCREEN,
          UNPUBLISH_SCREEN,
          DROP_SOCKET,
          SWITCH_ROOM,
          LEAVE_QUEUE,
          CHAT ->
          throw new IllegalStateException("no scenario has " + action.kind() + " here");
    }
  }

  @Override
  public final void sample(long nowNanos) {
    totals.update();
    if (!ended) {
      int came = totals.activeVideo(nowNanos) + pausedVideo();
      due.sample(around.book(), room, this, insideNanos, came, nowNanos);
    }
  }

  /** Video slots whose picture the server has stopped, and said so. */
  abstract int pausedVideo();

  @Override
  public final int picturesSince(long nanos) {
    return picturesNanos <= nanos ? 1 : 0;
  }

  @Override
  public final boolean inside() {
    return !ended && wasInside();
  }

  final boolean wasInside() {
    return insideNanos != Long.MAX_VALUE;
  }

  /** Ends against the bot's will. */
  final void fail(String code) {
    if (!ended) {
      measured.count(wasInside() ? Metric.BOTS_LOST : Metric.JOIN_FAILED, 1);
      measured.failure(code);
      end();
    }
  }

  @Override
  public final void leave() {
    if (ended) {
      return;
    }
    if (!wasInside() && !waits() && times.onTheWayNanos() >= PATIENCE_NANOS) {
      fail("not_in_time");
    } else {
      end();
    }
  }

  /** Whether it stands in line. */
  abstract boolean waits();

  private void end() {
    ended = true;
    times.stop();
    totals.update();
    due.end(times.pictured(), loop.nowNanos());
    actions.stop();
    around.book().leave(room, this);
    loop.drop(client);
    onLeft();
    onEnd.accept(this);
  }

  /** The media is over. */
  abstract void onLeft();
}
