package dev.parley.bots.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server and its load for a while.
 *
 * @param publishedShare of the packets that should have been published
 * @param arrivedShare of the packets published that the server has read
 * @param forwardedShare of the packets read that should have gone to viewers
 * @param lostShare of the packets forwarded that no viewer got
 * @param loadBusy of the cores that the load has
 * @param othersBusy of one core, by what is neither server nor load
 * @param stillPictures of those that viewers should have seen move, nothing came of
 */
record Turn(
    Interval server,
    double publishedShare,
    double arrivedShare,
    double forwardedShare,
    double lostShare,
    double loadBusy,
    double othersBusy,
    long stillPictures) {
  private static final double PUBLISHED_WANTED = 0.97;
  private static final double ARRIVED_WANTED = 0.998;
  private static final double FORWARDED_WANTED = 0.98;
  private static final double LOST_TOLERATED = 0.001;
  private static final double LOAD_TOLERATED = 0.95;

  private static final double OTHERS_TOLERATED = 0.2;

  /** Whether the server did all that it was given to do. */
  boolean keptUp() {
    return arrivedShare >= ARRIVED_WANTED
        && forwardedShare >= FORWARDED_WANTED
        && refused() == 0
        && !loadBehind();
  }

  /** Of what viewers should have got: not read, not forwarded or lost. */
  double missingShare() {
    return 1 - arrivedShare * forwardedShare * (1 - lostShare);
  }

  boolean loadBehind() {
    return !loadReasons().isEmpty();
  }

  /** Packets that the server itself kept from viewers, or the system did not take from it. */
  private long refused() {
    return server.drops().getOrDefault("pacer_full", 0L)
        + server.drops().getOrDefault("send_full", 0L)
        + server.drops().getOrDefault("send_error", 0L);
  }

  /**
   * Why no figure can be given: the load was behind, something else had the cores, or not all was
   * seen that the case is about.
   */
  List<String> refusals() {
    List<String> reasons = new ArrayList<>(loadReasons());
    othersReason(othersBusy).ifPresent(reasons::add);
    if (stillPictures > 0) {
      reasons.add("%d pictures stood still".formatted(stillPictures));
    }
    return reasons;
  }

  /** Why the figures would speak of the load and not of the server; none: they do not. */
  List<String> loadReasons() {
    List<String> reasons = new ArrayList<>();
    if (publishedShare < PUBLISHED_WANTED) {
      reasons.add(
          "the publishers sent %.1f %% of what they should".formatted(100 * publishedShare));
    }
    if (lostShare > LOST_TOLERATED && refused() == 0) {
      reasons.add(
          "the viewers lost %.2f %% of what the server had sent".formatted(100 * lostShare));
    }
    if (loadBusy > LOAD_TOLERATED) {
      reasons.add("the load used %.0f %% of its core".formatted(100 * loadBusy));
    }
    return reasons;
  }

  /** Why nothing can be measured while so much of a core is used by others. */
  static Optional<String> othersReason(double othersBusy) {
    return othersBusy > OTHERS_TOLERATED
        ? Optional.of("something else used %.0f %% of a core".formatted(100 * othersBusy))
        : Optional.empty();
  }

  /** Where the server fell behind, in words. */
  String shortfall() {
    return "%.1f %% of the packets arrived, %.1f %% of those were forwarded"
        .formatted(100 * arrivedShare, 100 * forwardedShare);
  }
}
