package dev.parley.bots.bot;

import dev.parley.bots.client.WhipSignaling;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.signal.SfuSession;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A bot that publishes by WHIP or watches by WHEP. Loop's thread only. */
final class HttpBot extends MediaBot {
  private final WhipSignaling signaling;
  private String refusal = MediaEvents.MEDIA_FAILED;

  HttpBot(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    super(plan, around, onEnd);
    this.signaling = new WhipSignaling(around.http(), around.server(), plan.room(), plan.token());
  }

  @Override
  void comeIn(long nowNanos) {
    if (around.book().otherCameras(room(), this, nowNanos) > 0) {
      times.picturesDue();
    }
    client.join(nowNanos);
  }

  @Override
  public CompletionStage<Joined> join(Offer offer) {
    return signaling
        .join(offer)
        .whenComplete((joined, e) -> loop.execute(() -> onReply(joined, e)))
        .thenCompose(this::byTheWay);
  }

  private void onReply(@Nullable Joined joined, @Nullable Throwable failure) {
    if (joined != null && !ended()) {
      times.phase(Metric.JOIN_ANSWER);
    } else if (failure != null) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      refusal =
          cause instanceof WhipSignaling.RefusedException refused
              ? "http_" + refused.status()
              : "unreachable";
    }
  }

  /** The relays are told with the answer, as nothing comes before it. */
  private CompletionStage<Joined> byTheWay(Joined joined) {
    return chooseWay(joined.relays())
        .handle((chosen, e) -> {
          if (e != null) {
            refusal = SfuSession.codeOf(e);
            joined.leave();
            throw new CompletionException(e);
          }
          return joined;
        });
  }

  @Override
  void onInside() {
    // Nothing is asked for by HTTP.
  }

  @Override
  void onMediaFailed(String code) {
    fail(!wasInside() && code.equals(MediaEvents.MEDIA_FAILED) ? refusal : code);
  }

  @Override
  boolean waits() {
    return false;
  }

  @Override
  int pausedVideo() {
    return 0;
  }

  @Override
  void onLeft() {
    // The client has deleted its resource.
  }
}
