package dev.parley.admin.history;

/**
 * What is kept, where, and for how long.
 *
 * @param retentionDays older rows are deleted
 * @param queueLimit rows that may wait for the database; further ones are dropped
 */
public record HistoryConfig(HistoryPlace place, int retentionDays, int queueLimit) {
  public static final int RETENTION_DAYS = 30;
  public static final int QUEUE_LIMIT = 20_000;

  /** Keeps nothing. */
  public static HistoryConfig off(String why) {
    return new HistoryConfig(new HistoryPlace.None(why), RETENTION_DAYS, QUEUE_LIMIT);
  }

  public HistoryConfig {
    if (retentionDays < 1 || queueLimit < 1) {
      throw new IllegalArgumentException(
          "retentionDays and queueLimit: expected at least 1, got %d and %d"
              .formatted(retentionDays, queueLimit));
    }
  }
}
