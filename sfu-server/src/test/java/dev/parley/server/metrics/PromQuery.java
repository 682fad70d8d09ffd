package dev.parley.server.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a query of Prometheus asks for: the metrics, with what their labels have to be, and the
 * labels that it groups by. Reads the words of the language, not its grammar.
 */
record PromQuery(List<Selector> selectors, Set<String> groupings) {
  record Selector(String metric, List<Matcher> matchers) {}

  /** What a label has to be, or must not be: its values one by one, without variables. */
  record Matcher(String label, Set<String> values) {}

  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");

  /** A word that is no function (nothing opens behind it) and no keyword. */
  private static final Pattern SELECTOR =
      Pattern.compile(
          "(?<![\\w.])(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<call>\\s*\\()?(\\{(?<labels>[^}]*)})?");

  private static final Pattern LABEL =
      Pattern.compile("(?<name>\\w+)\\s*(?<how>=~|!~|!=|=)\\s*\"(?<value>[^\"]*)\"");
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring");

  static PromQuery read(String query) {
    Set<String> groupings = new HashSet<>();
    for (MatchResult grouping : GROUPING.matcher(query).results().toList()) {
      for (String label : grouping.group(2).split(",", -1)) {
        groupings.add(label.strip());
      }
    }
    String rest = GROUPING.matcher(query).replaceAll(" ").replaceAll("\\[[^]]*]", " ");
    rest = rest.replaceAll("offset \\w+", " ");
    List<Selector> selectors = new ArrayList<>();
    for (java.util.regex.Matcher word = SELECTOR.matcher(rest); word.find(); ) {
      if (word.group("call") == null && !KEYWORDS.contains(word.group("name"))) {
        selectors.add(new Selector(word.group("name"), matchers(word.group("labels"))));
      }
    }
    return new PromQuery(selectors, groupings);
  }

  private static List<Matcher> matchers(@org.jspecify.annotations.Nullable String labels) {
    List<Matcher> matchers = new ArrayList<>();
    if (labels != null) {
      for (MatchResult label : LABEL.matcher(labels).results().toList()) {
        Set<String> values = new HashSet<>(List.of(label.group("value").split("\\|", -1)));
        values.removeIf(value -> value.startsWith("$"));
        matchers.add(new Matcher(label.group("name"), values));
      }
    }
    return matchers;
  }
}
