package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.scenario.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Rings when a bot is to do something of its own. Loop's thread only. */
final class BotActions {
  /** Who acts. */
  interface Actor {
    /** Does what the action says. */
    void act(Action action);
  }

  private final Actor bot;
  private final ClientLoop loop;
  private final List<Action> actions;
  private final SplittableRandom random;
  private final List<ClientLoop.Alarm> alarms = new ArrayList<>();
  private boolean stopped;

  /** Which of the actions are this bot's is decided here. */
  BotActions(Actor bot, ClientLoop loop, List<Action> all, SplittableRandom random) {
    this.bot = bot;
    this.loop = loop;
    this.random = random;
    this.actions = all.stream().filter(a -> random.nextDouble() < a.share()).toList();
  }

  void onInside(long nowNanos) {
    for (Action action : actions) {
      if (action.kind() != Action.Kind.LEAVE_QUEUE) {
        schedule(action, nowNanos);
      }
    }
  }

  void onQueued(long nowNanos) {
    for (Action action : actions) {
      if (action.kind() == Action.Kind.LEAVE_QUEUE) {
        schedule(action, nowNanos);
      }
    }
  }

  private void schedule(Action action, long fromNanos) {
    long due = fromNanos + action.after().toNanos();
    long jitter = action.jitter().toNanos();
    long late = jitter == 0 ? 0 : random.nextLong(jitter);
    alarms.add(
        loop.at(
            due + late,
            () -> {
              if (!stopped) {
                bot.act(action);
                if (action.repeats() && !stopped) {
                  schedule(action, due);
                }
              }
            }));
  }

  void stop() {
    stopped = true;
    alarms.forEach(ClientLoop.Alarm::cancel);
    alarms.clear();
  }
}
