package dev.parley.server.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text that Prometheus reads (exposition format 0.0.4), read strictly: whatever is not as it
 * should be is a fault with its line.
 */
final class Exposition {
  /** Families by name, in the order of the text. */
  private final Map<String, Family> families = new LinkedHashMap<>();

  private final List<String> faults = new ArrayList<>();
  private @Nullable Family current;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SAMPLE =
      Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?<labels>.*)})? (?<value>\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>([^\"\\\\]|\\\\[\\\\n\"])*)\",?");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  /** One metric with all its series. */
  static final class Family {
    private final String name;
    private final String help;
    private final List<Sample> samples = new ArrayList<>();
    private String type = "";

    Family(String name, String help) {
      this.name = name;
      this.help = help;
    }

    String name() {
      return name;
    }

    String help() {
      return help;
    }

    String type() {
      return type;
    }

    List<Sample> samples() {
      return List.copyOf(samples);
    }

    /** Names of the labels that its series have, without those that the type brings. */
    Set<String> labels() {
      Set<String> labels = new TreeSet<>();
      samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
      labels.removeAll(Set.of("le", "quantile"));
      return labels;
    }
  }

  record Sample(String name, SortedMap<String, String> labels, double value) {}

  static Exposition read(String text) {
    Exposition exposition = new Exposition();
    if (!text.endsWith("\n")) {
      exposition.faults.add("the last line does not end");
    }
    text.lines().forEach(exposition::line);
    exposition.families.values().forEach(exposition::check);
    return exposition;
  }

  private void line(String line) {
    if (line.startsWith("# HELP ")) {
      String[] parts = line.substring("# HELP ".length()).split(" ", 2);
      help(line, parts[0], parts.length > 1 ? parts[1] : "");
    } else if (line.startsWith("# TYPE ")) {
      String[] parts = line.substring("# TYPE ".length()).split(" ", -1);
      type(line, parts);
    } else if (!line.startsWith("#") && !line.isEmpty()) {
      sample(line);
    }
  }

  private void help(String line, String name, String words) {
    if (!NAME.matcher(name).matches() || words.isBlank()) {
      faults.add("no name, or no words: " + line);
    }
    Family family = new Family(name, words);
    if (families.put(name, family) != null) {
      faults.add("a second HELP: " + line);
    }
    current = family;
  }

  private void type(String line, String[] parts) {
    Family family = current;
    if (parts.length != 2 || !TYPES.contains(parts[1])) {
      faults.add("no type: " + line);
    } else if (family == null || !family.name().equals(parts[0])) {
      faults.add("a TYPE without its HELP before it: " + line);
    } else if (!family.type().isEmpty()) {
      faults.add("a second TYPE: " + line);
    } else {
      family.type = parts[1];
    }
  }

  private void sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      faults.add("no sample: " + line);
      return;
    }
    String name = matcher.group("name");
    Family family = current;
    if (family == null || !belongs(name, family)) {
      faults.add("a sample outside its family: " + line);
      return;
    }
    SortedMap<String, String> labels = new TreeMap<>();
    String written = Optional.ofNullable(matcher.group("labels")).orElse("");
    Matcher label = LABEL.matcher(written);
    int end = 0;
    while (end < written.length() && label.find(end) && label.start() == end) {
      if (label.group("name").startsWith("__")
          || labels.put(label.group("name"), label.group("value")) != null) {
        faults.add("a reserved or repeated label: " + line);
      }
      end = label.end();
    }
    if (end != written.length()) {
      faults.add("labels that cannot be read: " + line);
    }
    family.samples.add(new Sample(name, labels, number(line, matcher.group("value"))));
  }

  private static boolean belongs(String sample, Family family) {
    String name = family.name();
    return switch (family.type()) {
      case "histogram" -> Set.of(name + "_bucket", name + "_count", name + "_sum").contains(sample);
      case "summary" -> Set.of(name, name + "_count", name + "_sum").contains(sample);
      case "" -> false;
      default -> name.equals(sample);
    };
  }

  private double number(String line, String text) {
    try {
      return switch (text) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    } catch (NumberFormatException unreadable) {
      faults.add("no number: " + line);
      return Double.NaN;
    }
  }

  private void check(Family family) {
    String name = family.name();
    Set<String> series = new HashSet<>();
    for (Sample sample : family.samples()) {
      if (!series.add(sample.name() + sample.labels())) {
        faults.add("a series twice: " + sample);
      }
    }
    boolean counts = family.type().equals("counter");
    if (family.type().isEmpty()) {
      faults.add("no TYPE: " + name);
    }
    if (counts != name.endsWith("_total")) {
      faults.add("counters end in _total, and nothing else does: " + name);
    }
    if (counts && family.samples().stream().anyMatch(s -> !(s.value() >= 0))) {
      faults.add("a counter below zero: " + name);
    }
    if (family.type().equals("gauge") && name.matches(".*_(bucket|sum|count)")) {
      faults.add("a name that belongs to histograms: " + name);
    }
    if (family.type().equals("histogram")) {
      histogram(family);
    }
  }

  private void histogram(Family family) {
    Map<SortedMap<String, String>, List<Sample>> series = new HashMap<>();
    for (Sample sample : family.samples()) {
      SortedMap<String, String> labels = new TreeMap<>(sample.labels());
      labels.remove("le");
      series.computeIfAbsent(labels, l -> new ArrayList<>()).add(sample);
    }
    series.forEach((labels, samples) -> {
      double lastBound = Double.NEGATIVE_INFINITY;
      double lastCount = 0;
      double count = Double.NaN;
      double sum = Double.NaN;
      for (Sample sample : samples) {
        if (sample.name().endsWith("_bucket")) {
          double bound = number(sample.toString(), sample.labels().getOrDefault("le", "none"));
          if (!(bound > lastBound) || !(sample.value() >= lastCount)) {
            faults.add("buckets out of order: " + sample);
          }
          lastBound = bound;
          lastCount = sample.value();
        } else if (sample.name().endsWith("_count")) {
          count = sample.value();
        } else {
          sum = sample.value();
        }
      }
      if (lastBound != Double.POSITIVE_INFINITY || lastCount != count || !(sum >= 0)) {
        faults.add("a histogram that is not whole: " + family.name() + labels);
      }
    });
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  List<Family> families() {
    return List.copyOf(families.values());
  }

  /** By the name without what the type adds to it. */
  Optional<Family> family(String name) {
    return Optional.ofNullable(families.get(name));
  }

  /** The sum of the series of this name that have these labels, written {@code name=value}. */
  double sum(String name, String... labels) {
    return families.values().stream()
        .flatMap(family -> family.samples().stream())
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> has(sample, labels))
        .mapToDouble(Sample::value)
        .reduce(Double::sum)
        .orElseThrow(() -> new AssertionError(name + String.join(",", labels) + " is not there"));
  }

  private static boolean has(Sample sample, String... labels) {
    for (String label : labels) {
      String[] parts = label.split("=", 2);
      if (!parts[1].equals(sample.labels().get(parts[0]))) {
        return false;
      }
    }
    return true;
  }
}
