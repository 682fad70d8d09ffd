package dev.parley.bots.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks a tree against the published schema, and says in plain words what does not fit. */
final class SchemaCheck {
  /** The published schema, beside this class. */
  static final String SCHEMA = "scenario.schema.json";

  private static final int NEAR = 2;
  private static final Map<String, String> EXECUTORS =
      Map.of(
          "constant-bots", "constantBots",
          "ramping-bots", "rampingBots",
          "arrival-rate", "arrivalRate");

  private final JsonNode schema;
  private final JsonSchema validator;
  private final Set<String> words = new HashSet<>();

  SchemaCheck() {
    try (InputStream in = SchemaCheck.class.getResourceAsStream(SCHEMA)) {
      if (in == null) {
        throw new IllegalStateException(SCHEMA + " is not in the build");
      }
      schema = new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(SCHEMA + " cannot be read", e);
    }
    validator =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                schema, SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
    for (JsonNode properties : schema.findValues("properties")) {
      properties.fieldNames().forEachRemaining(words::add);
    }
  }

  List<ScenarioException.Problem> check(YamlTree tree) {
    Set<ScenarioException.Problem> problems = new HashSet<>();
    for (ValidationMessage message : validator.validate(tree.root())) {
      problem(tree, message).ifPresent(problems::add);
    }
    List<ScenarioException.Problem> sorted = new ArrayList<>(problems);
    sorted.sort(
        Comparator.comparingInt(ScenarioException.Problem::line)
            .thenComparing(ScenarioException.Problem::text));
    return sorted;
  }

  private Optional<ScenarioException.Problem> problem(YamlTree tree, ValidationMessage message) {
    String at = message.getInstanceLocation().toString();
    String where = at.isEmpty() ? "" : at.substring(1).replace('/', '.') + ": ";
    String property = message.getProperty();
    return switch (message.getType()) {
      case "additionalProperties", "unevaluatedProperties" ->
          isKnown(tree.root().at(at), property)
              ? Optional.empty()
              : Optional.of(
                  new ScenarioException.Problem(
                      tree.line(at + "/" + property),
                      where + "the key '" + property + "' has no meaning here" + near(property)));
      case "required" ->
          isAlternative(message)
              ? Optional.empty()
              : Optional.of(
                  new ScenarioException.Problem(
                      tree.line(at), where + "the key '" + property + "' is missing"));
      case "if", "then", "allOf", "oneOf", "anyOf" -> Optional.empty();
      case "pattern" ->
          Optional.of(
              new ScenarioException.Problem(
                  tree.line(at),
                  where
                      + "'"
                      + tree.root().at(at).asText()
                      + "' is not written as it must be"
                      + example(message)));
      default ->
          Optional.of(new ScenarioException.Problem(tree.line(at), where + message.getError()));
    };
  }

  /** A key that only looks unknown, since something else in its group is wrong. */
  private boolean isKnown(JsonNode group, String key) {
    String executor = EXECUTORS.getOrDefault(group.path("executor").asText(), "");
    JsonNode definitions = schema.path("$defs");
    return !executor.isEmpty()
        && (definitions.path(executor).path("properties").has(key)
            || definitions.path("scenario").path("properties").has(key));
  }

  /**
   * One of several ways to be right, each of which is told by itself; all of them are told as one.
   */
  private static boolean isAlternative(ValidationMessage message) {
    String path = message.getEvaluationPath().toString();
    return path.contains("/oneOf/") || path.contains("/anyOf/");
  }

  /** What the schema says beside the pattern: how such a value is written. */
  private String example(ValidationMessage message) {
    String pointer = message.getSchemaLocation().getFragment().toString();
    int keyword = pointer.lastIndexOf('/');
    String text = schema.at(pointer.substring(0, keyword)).path("description").asText();
    return text.isEmpty() ? "" : ". " + text;
  }

  private String near(String word) {
    return words.stream()
        .filter(w -> !w.equals(word) && distance(w, word) <= NEAR)
        .min(Comparator.comparingInt((String w) -> distance(w, word)).thenComparing(w -> w))
        .map(w -> "; did you mean '" + w + "'?")
        .orElse("");
  }

  /** Edits between two words. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
