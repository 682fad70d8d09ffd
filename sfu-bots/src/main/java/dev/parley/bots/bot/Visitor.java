package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.scenario.Profile;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.Consumer;

/** One bot, whatever it speaks. Loop's thread only. */
public interface Visitor {
  /** What bots of one loop and one group share. */
  record Surroundings(
      ClientLoop loop, HttpClient http, URI server, RoomBook book, Measurements measurements) {}

  /**
   * A bot of the plan's kind, which does nothing before {@link #start}.
   *
   * @param onEnd told once, when it is over
   */
  static Visitor of(BotPlan plan, Surroundings around, Consumer<Visitor> onEnd) {
    return plan.role().profile().signaling() == Profile.Signaling.SFU
        ? new Bot(plan, around, onEnd)
        : new HttpBot(plan, around, onEnd);
  }

  /** Sets out. */
  void start();

  /** Leaves. Idempotent. */
  void leave();

  /** Adds what has happened since the last time; once a second. */
  void sample(long nowNanos);

  /** Whether it has media both ways. */
  boolean inside();

  /** 1 when its camera has been on since then, else 0. */
  int picturesSince(long nanos);
}
