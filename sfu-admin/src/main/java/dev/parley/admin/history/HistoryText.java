package dev.parley.admin.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.WireJson;
import java.util.List;

/** A list as a text that is made page by page. */
public interface HistoryText {
  String contentType();

  String head();

  /** One page; {@code first}: nothing was before it. */
  String page(List<ObjectNode> rows, boolean first);

  String tail();

  /** {@code {"visits":[…]}}, a row a line. */
  static HistoryText json(Listing listing) {
    return new Json(listing);
  }

  /** RFC 4180, with a line of names; what a spreadsheet would take for a formula begins with '. */
  static HistoryText csv(Listing listing) {
    return new Csv(listing);
  }

  /** As {@link #json}. */
  record Json(Listing listing) implements HistoryText {
    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public String head() {
      return "{\"" + listing.wireName() + "\":[";
    }

    @Override
    public String page(List<ObjectNode> rows, boolean first) {
      StringBuilder text = new StringBuilder();
      for (ObjectNode row : rows) {
        text.append(first && text.isEmpty() ? "\n" : ",\n").append(WireJson.write(row));
      }
      return text.toString();
    }

    @Override
    public String tail() {
      return "\n]}\n";
    }
  }

  /** As {@link #csv}. */
  record Csv(Listing listing) implements HistoryText {
    private static final String LINE_END = "\r\n";

    @Override
    public String contentType() {
      return "text/csv; charset=utf-8";
    }

    @Override
    public String head() {
      return String.join(",", listing.columns()) + LINE_END;
    }

    @Override
    public String page(List<ObjectNode> rows, boolean first) {
      StringBuilder text = new StringBuilder();
      for (ObjectNode row : rows) {
        text.append(
                String.join(
                    ",",
                    listing.columns().stream()
                        .map(column -> cell(row.at("/" + column.replace('.', '/'))))
                        .toList()))
            .append(LINE_END);
      }
      return text.toString();
    }

    @Override
    public String tail() {
      return "";
    }

    private static String cell(JsonNode value) {
      if (value.isNull() || value.isMissingNode()) {
        return "";
      }
      if (value.isContainerNode()) {
        return quoted(value.toString());
      }
      String text = value.asText();
      return value.isTextual() ? quoted(guarded(text)) : text;
    }

    private static String guarded(String text) {
      return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private static String quoted(String text) {
      boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
      return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
  }
}
