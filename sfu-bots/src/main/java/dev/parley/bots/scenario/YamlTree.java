package dev.parley.bots.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML 1.2 document as a JSON tree that remembers where each value stands.
 *
 * @param lines of the values, from 1, by their JSON pointers; of a key's value it is the key's
 */
record YamlTree(JsonNode root, Map<String, Integer> lines) {
  private static final int MOST_CHARS = 1 << 20;

  /** Aliases make little text into much; a scenario has some hundred values. */
  private static final int MOST_VALUES = 20_000;

  private static final int DEEPEST = 32;

  YamlTree {
    lines = Map.copyOf(lines);
  }

  /** Of the value, or of the nearest around it that is there; 0: of none. */
  int line(String pointer) {
    String at = pointer;
    while (true) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      int slash = at.lastIndexOf('/');
      if (slash < 0) {
        return 0;
      }
      at = at.substring(0, slash);
    }
  }

  /**
   * Reads a document.
   *
   * @throws ScenarioException when it is no YAML, or empty, or out of proportion
   */
  static YamlTree read(String source, String text) throws ScenarioException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(source).setCodePointLimit(MOST_CHARS).build();
    try {
      Optional<Node> document = new Compose(settings).composeString(text);
      if (document.isEmpty()) {
        throw new Broken(1, "the file is empty");
      }
      Builder builder = new Builder();
      JsonNode root = builder.value(document.get(), "", 0);
      return new YamlTree(root, builder.lines);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
      throw refused(source, line, "this is no YAML: " + e.getProblem());
    } catch (Broken e) {
      throw refused(source, e.line, String.valueOf(e.getMessage()));
    } catch (YamlEngineException e) {
      throw refused(source, 0, "this is no YAML: " + e.getMessage());
    }
  }

  private static ScenarioException refused(String source, int line, String text) {
    return new ScenarioException(source, List.of(new ScenarioException.Problem(line, text)));
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    Broken(int line, String message) {
      super(message);
      this.line = line;
    }
  }

  private static final class Builder {
    private static final Set<String> TRUTH = Set.of("true", "True", "TRUE");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, Integer> lines = new HashMap<>();
    private int values;

    private static int lineOf(Node node) {
      return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    private JsonNode value(Node node, String pointer, int depth) {
      if (++values > MOST_VALUES || depth > DEEPEST) {
        throw new Broken(lineOf(node), "more values, or deeper ones, than a scenario may have");
      }
      lines.putIfAbsent(pointer, lineOf(node));
      return switch (node) {
        case MappingNode mapping -> object(mapping, pointer, depth);
        case SequenceNode sequence -> {
          ArrayNode array = JSON.arrayNode();
          for (Node element : sequence.getValue()) {
            array.add(value(element, pointer + "/" + array.size(), depth + 1));
          }
          yield array;
        }
        case ScalarNode scalar -> scalar(scalar);
        default -> throw new Broken(lineOf(node), "this cannot be read");
      };
    }

    private ObjectNode object(MappingNode mapping, String pointer, int depth) {
      ObjectNode object = JSON.objectNode();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw new Broken(lineOf(tuple.getKeyNode()), "a key must be a word");
        }
        String name = key.getValue();
        if (object.has(name)) {
          throw new Broken(lineOf(key), "the key '" + name + "' stands here twice");
        }
        String at = pointer + "/" + name;
        lines.put(at, lineOf(key));
        object.set(name, value(tuple.getValueNode(), at, depth + 1));
      }
      return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
      Tag tag = scalar.getTag();
      String text = scalar.getValue();
      try {
        if (tag.equals(Tag.INT)) {
          return JSON.numberNode(Long.decode(text.replace("0o", "0")));
        } else if (tag.equals(Tag.FLOAT)) {
          return JSON.numberNode(Double.parseDouble(text));
        } else if (tag.equals(Tag.BOOL)) {
          return JSON.booleanNode(TRUTH.contains(text));
        } else if (tag.equals(Tag.NULL)) {
          return JSON.nullNode();
        }
      } catch (NumberFormatException e) {
        // .inf and numbers beyond 64 bits; the schema refuses text where it wants a number.
        return JSON.textNode(text);
      }
      return JSON.textNode(text);
    }
  }
}
