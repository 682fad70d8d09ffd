package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.ClientPath;
import dev.parley.bots.client.ClientWay;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.client.WhipSignaling;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.scenario.Action;
import dev.parley.bots.scenario.Profile;
import dev.parley.core.api.TrackSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A bot that publishes by WHIP or watches by WHEP. Loop's thread only. */
final class HttpBot implements Visitor, Signaling, BotActions.Actor {
  private final BotPlan plan;
  private final Surroundings around;
  private final ClientLoop loop;
  private final Measurements measured;
  private final Consumer<Visitor> onEnd;
  private final BotSources sources;
  private final WhipSignaling signaling;
  private final LightClient client;
  private final JoinTimes times;
  private final MediaTotals totals;
  private final DueTracks due;
  private final BotActions actions;
  private String refusal = "media_failed";
  private long insideNanos = Long.MAX_VALUE;
  private boolean ended;

  HttpBot(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    this.plan = plan;
    this.around = around;
    this.loop = around.loop();
    this.measured = around.measurements();
    this.onEnd = onEnd;
    SplittableRandom random = new SplittableRandom(plan.seed());
    Profile profile = plan.role().profile();
    Profile.Receive receive = profile.receive();
    this.sources = new BotSources(profile, plan.stampKey(), random.split());
    this.signaling = new WhipSignaling(around.http(), around.server(), plan.room(), plan.token());
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
                profile.overTcp() ? new ClientWay.Tcp() : new ClientWay.Udp(),
                profile.network().up(),
                profile.network().down(),
                random.nextLong()));
    this.times = new JoinTimes(loop, measured);
    this.totals = new MediaTotals(loop, client, measured);
    this.due = new DueTracks(measured, receive.video());
    this.actions = new BotActions(this, loop, plan.role().actions(), random.split());
  }

  @Override
  public void start() {
    times.begin();
    long now = loop.nowNanos();
    plan.stay().ifPresent(stay -> loop.at(now + stay.toNanos(), this::leave));
    if (around.book().otherCameras(plan.room(), this, now) > 0) {
      times.picturesDue();
    }
    times.follow(client, this::onMedia);
    client.join(now);
  }

  @Override
  public CompletionStage<Joined> join(Offer offer) {
    return signaling
        .join(offer)
        .whenComplete((joined, e) -> loop.execute(() -> onReply(joined, e)));
  }

  private void onReply(@Nullable Joined joined, @Nullable Throwable failure) {
    if (joined != null && !ended) {
      times.phase(Metric.JOIN_ANSWER);
    } else if (failure != null) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      refusal =
          cause instanceof WhipSignaling.RefusedException refused
              ? "http_" + refused.status()
              : "unreachable";
    }
  }

  private void onMedia() {
    insideNanos = loop.nowNanos();
    around.book().enter(plan.room(), this);
    actions.onInside(insideNanos);
  }

  private void onMediaFailed(String code) {
    fail(insideNanos == Long.MAX_VALUE && !code.equals("ice_failed") ? refusal : code);
  }

  @Override
  public void act(Action action) {
    long now = loop.nowNanos();
    switch (action.kind()) {
      case SWITCH_NETWORK -> {
        var unused = loop.replug(client);
      }
      case BLACKOUT -> BotActions.blackout(loop, client, action, () -> ended);
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
          throw new IllegalStateException("no scenario has " + action.kind() + " by HTTP");
    }
  }

  @Override
  public void sample(long nowNanos) {
    totals.update();
    if (!ended) {
      int came = totals.activeVideo(nowNanos);
      due.sample(around.book(), plan.room(), this, insideNanos, came, nowNanos);
    }
  }

  @Override
  public int picturesSince(long nanos) {
    boolean camera = sources.find(TrackSource.CAMERA) >= 0;
    return camera && insideNanos <= nanos ? 1 : 0;
  }

  @Override
  public boolean inside() {
    return !ended && insideNanos != Long.MAX_VALUE;
  }

  private void fail(String code) {
    if (!ended) {
      measured.count(insideNanos == Long.MAX_VALUE ? Metric.JOIN_FAILED : Metric.BOTS_LOST, 1);
      measured.failure(code);
      end();
    }
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
    around.book().leave(plan.room(), this);
    loop.drop(client);
    onEnd.accept(this);
  }
}
