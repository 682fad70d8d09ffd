package dev.parley.admin.history;

import java.util.Map;

/**
 * Which rows of a list: newest first, from behind a row that was read before.
 *
 * @param equal values that the filters of the list must have, by filter
 * @param sinceMs the first moment, and {@code untilMs} the one behind the last, by when it began
 * @param beforeId of the last row that was read; {@link #FROM_START} at first. New rows come before
 *     it and move nothing
 */
public record HistoryQuery(
    Listing listing,
    Map<String, String> equal,
    long sinceMs,
    long untilMs,
    long beforeId,
    int limit) {
  public static final long FROM_START = Long.MAX_VALUE;

  public HistoryQuery {
    equal = Map.copyOf(equal);
  }

  /** All rows of a list. */
  public static HistoryQuery of(Listing listing, int limit) {
    return new HistoryQuery(listing, Map.of(), 0, Long.MAX_VALUE, FROM_START, limit);
  }

  public HistoryQuery where(String filter, String value) {
    return new HistoryQuery(listing, Map.of(filter, value), sinceMs, untilMs, beforeId, limit);
  }

  /** What comes behind a page of this one. */
  public HistoryQuery behind(long id) {
    return new HistoryQuery(listing, equal, sinceMs, untilMs, id, limit);
  }
}
