package dev.parley.server.config;

import java.util.ArrayList;
import java.util.List;

/** Writes {@code config/parley.conf} and {@code docs/configuration.md} from the table of keys. */
public final class ConfigReference {
  private static final int WIDTH = 92;

  private ConfigReference() {}

  /**
   * The commented configuration file: every key at its default. A key whose default is another
   * under {@code --dev} is commented out, or the file would take that default away.
   */
  public static String hocon() {
    StringBuilder out = new StringBuilder();
    comment(
        out,
        "",
        "The configuration of Parley: every key with its unit, default and reason. What is not"
            + " set keeps its default, and what has another default with --dev is commented out,"
            + " since a value set here holds there too. A copy of this file is used with: ./sfu"
            + " serve --config FILE");
    out.append("#\n");
    comment(
        out,
        "",
        "Each key can also be set by the environment variable named beside it, which wins over"
            + " this file; secrets also by a file that PARLEY_…_FILE names. Unknown keys are"
            + " errors.");
    List<String> open = List.of();
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      open = moveTo(out, open, sectionsOf(key));
      describe(out, key, "  ".repeat(open.size()));
    }
    moveTo(out, open, List.of());
    return out.toString();
  }

  /** The table of keys for readers. */
  public static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Configuration

        Parley reads a HOCON file and the environment; the environment wins, and what neither sets keeps its default.
        `./sfu serve` reads `config/parley.conf`, `./sfu serve --config FILE` another file, and `./sfu doctor` checks it.
        Secrets can also come from a file: `PARLEY_AUTH_SECRET_FILE=/run/secrets/parley`. Lists are separated by commas in the environment.
        An unknown key, in the file or as a `PARLEY_…` variable, is an error that names the nearest known one; all errors are told at once.

        This page is written from the table of keys in the code (`ConfigKeys`), and a test holds the two equal.

        """);
    String section = "";
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      String of = key.path().contains(".") ? key.path().replaceAll("\\..*", "") : key.path();
      if (!of.equals(section)) {
        section = of;
        out.append("## ").append(section).append("\n\n");
        out.append("| key, variable | unit | default | what and why |\n|---|---|---|---|\n");
      }
      out.append("| `%s`<br>`%s` ".formatted(key.path(), key.environmentName()))
          .append("| %s ".formatted(unit(key)))
          .append("| %s ".formatted(defaults(key)))
          .append("| %s %s |\n".formatted(key.what(), key.why()));
      if (isLastOf(key, section)) {
        out.append('\n');
      }
    }
    return out.toString().stripTrailing() + "\n";
  }

  private static boolean isLastOf(ConfigKey<?> key, String section) {
    int next = ConfigKeys.ALL.indexOf(key) + 1;
    return next == ConfigKeys.ALL.size()
        || !ConfigKeys.ALL.get(next).path().startsWith(section + ".");
  }

  /** The unit with the bounds, or the choices where there is no unit. */
  private static String unit(ConfigKey<?> key) {
    return switch (key.type()) {
      case ConfigType.WholeNumber number ->
          "%s, %d to %d".formatted(key.unit(), number.min(), number.max());
      case ConfigType.Bytes bytes -> "%s, %d to %d".formatted(key.unit(), bytes.min(), bytes.max());
      case ConfigType.Choice<?> choice -> choice.expected();
      case ConfigType.Flag flag -> flag.expected();
      case ConfigType.Text _,
          ConfigType.SecretText _,
          ConfigType.OptionalText _,
          ConfigType.SigningSecrets _,
          ConfigType.AdminTokens _,
          ConfigType.WebhookEntries _,
          ConfigType.TextList _,
          ConfigType.IceServers _ ->
          key.unit();
    };
  }

  private static <T> String defaults(ConfigKey<T> key) {
    String shown = "`" + key.type().render(key.defaultValue()) + "`";
    return key.devDefault()
        .map(value -> shown + "; with `--dev` `" + key.type().render(value) + "`")
        .orElse(shown);
  }

  private static <T> void describe(StringBuilder out, ConfigKey<T> key, String indent) {
    out.append('\n');
    comment(out, indent, key.what() + " " + key.why());
    String dev =
        key.devDefault().map(value -> " With --dev: " + key.type().render(value) + ".").orElse("");
    comment(out, indent, "[" + unit(key) + "; " + key.environmentName() + "]" + dev);
    String name = key.path().substring(key.path().lastIndexOf('.') + 1);
    String value = key.type().render(key.defaultValue());
    String mark = key.devDefault().isPresent() ? "# " : "";
    out.append("%s%s%s = %s\n".formatted(indent, mark, name, value));
  }

  private static List<String> sectionsOf(ConfigKey<?> key) {
    List<String> parts = List.of(key.path().split("\\.", -1));
    return parts.subList(0, parts.size() - 1);
  }

  /** Closes and opens sections until {@code to} is open. */
  private static List<String> moveTo(StringBuilder out, List<String> from, List<String> to) {
    int common = 0;
    while (common < Math.min(from.size(), to.size()) && from.get(common).equals(to.get(common))) {
      common++;
    }
    for (int depth = from.size(); depth > common; depth--) {
      out.append("  ".repeat(depth - 1)).append("}\n");
    }
    for (int depth = common; depth < to.size(); depth++) {
      out.append("\n%s%s {\n".formatted("  ".repeat(depth), to.get(depth)));
    }
    return to;
  }

  private static void comment(StringBuilder out, String indent, String text) {
    for (String line : wrap(text, WIDTH - indent.length())) {
      out.append(indent).append("# ").append(line).append('\n');
    }
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
