package dev.parley.signaling.room;

import dev.parley.core.api.MediaException;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the media engine's answers into outcomes on the room thread. */
final class MediaOutcome {
  private static final Logger log = LoggerFactory.getLogger(MediaOutcome.class);

  private MediaOutcome() {}

  /** Gives a command; its result, or its refusal at once or later, comes on the room thread. */
  static <T> void of(
      Supplier<CompletionStage<T>> command, Executor roomThread, Consumer<Outcome<T>> outcome) {
    CompletionStage<T> stage;
    try {
      stage = command.get();
    } catch (RuntimeException failure) {
      outcome.accept(Outcome.refused(refusal(failure)));
      return;
    }
    stage.whenComplete((result, failure) ->
        roomThread.execute(() ->
            outcome.accept(
                failure == null ? Outcome.done(result) : Outcome.refused(refusal(failure)))));
  }

  private static Refusal refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof MediaException refused) {
      return Refusal.of(refused);
    }
    LogLine.event("media.failure").with("cause", cause).error(log, cause);
    return Refusal.of(ErrorCode.INTERNAL, "the media engine failed: try again");
  }
}
