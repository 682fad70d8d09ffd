package dev.parley.admin.quality;

import java.util.Map;

/**
 * One reason of a call's quality.
 *
 * @param seconds how long it was so, {@code sharePercent} of the time looked at
 * @param values what was measured meanwhile, by name with unit: {@code lossPercent} …
 * @param text in English
 */
public record Finding(
    Blame blame, int seconds, int sharePercent, Map<String, Double> values, String text) {
  public Finding {
    values = Map.copyOf(values);
  }
}
