package dev.parley.core.speech;

import org.jitsi.utils.dsi.DominantSpeakerIdentification;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the dominant speaker among many by their audio levels (Volfin and Cohen 2012, as
 * jitsi-utils has it): somebody who talks on, not a cough or a keyboard. Decides every 300 ms. One
 * thread; starts none.
 *
 * @param <T> whom a speaker is known by; with {@code equals} and {@code hashCode}
 */
public final class DominantSpeaker<T> {
  private final TickClock clock = new TickClock();
  private final TickExecutor executor = new TickExecutor(clock);
  private final DominantSpeakerIdentification<T> identification =
      new DominantSpeakerIdentification<>(clock, executor);

  /** Sets the time that the next levels belong to, and makes the decisions that are due. */
  public void advance(long nowNanos) {
    clock.set(nowNanos);
    executor.runDue();
  }

  /**
   * Takes in one packet's level.
   *
   * @param level 0 is silence, 127 the loudest
   */
  public void onLevel(T speaker, int level) {
    var unused = identification.levelChanged(speaker, level);
  }

  /** Null before anybody spoke. Stays the same while nobody does. */
  public @Nullable T current() {
    return identification.getDominantSpeaker();
  }
}
