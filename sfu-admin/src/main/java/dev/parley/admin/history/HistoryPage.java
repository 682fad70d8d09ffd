package dev.parley.admin.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;

/**
 * Some rows of a list.
 *
 * @param lastId for {@link HistoryQuery#behind}; empty: there are no more
 */
public record HistoryPage(List<ObjectNode> rows, OptionalLong lastId) {
  public HistoryPage {
    rows = List.copyOf(rows);
  }
}
