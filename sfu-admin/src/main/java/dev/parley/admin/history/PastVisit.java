package dev.parley.admin.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.admin.quality.QualityMinute;
import java.util.List;

/**
 * A visit that may still be going on.
 *
 * @param row as in the list of visits
 * @param minutes in order
 */
public record PastVisit(ObjectNode row, List<QualityMinute> minutes) {
  public PastVisit {
    minutes = List.copyOf(minutes);
  }
}
