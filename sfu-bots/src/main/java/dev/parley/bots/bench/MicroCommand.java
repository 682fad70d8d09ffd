package dev.parley.bots.bench;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sfu bench micro}. */
@Command(
    name = "micro",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What the pieces of a packet's way cost one by one, each beside a floor of the same run:"
          + " reading, rewriting, encrypting, decrypting, estimating, grouping. Measured by JMH."
    })
final class MicroCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description = "the pieces whose names it is found in, for instance ^protect; else all")
  private @Nullable String filter;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "fresh JVMs for each piece and each floor, in rounds")
  private int forks = 2;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "measured in each JVM, after twice as long a warm-up")
  private double seconds = 0.4;

  @Option(names = "--seed", paramLabel = "N", description = "of the synthetic packets")
  private long seed = 1;

  @Option(names = "--list", description = "print the names of the pieces and measure nothing")
  private boolean list;

  @Mixin private ResultOptions options = new ResultOptions();

  @Override
  public Integer call() throws InterruptedException {
    MicroSuite suite =
        ServiceLoader.load(MicroSuite.class)
            .findFirst()
            .orElseThrow(() ->
                refusal(
                    "the micro benchmarks are a module that the server is shipped without:"
                        + " run ./sfu bench micro in the sources"));
    List<String> names = chosen(suite);
    if (list) {
      names.forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    if (forks < 1 || !(seconds >= 0.01)) {
      throw refusal("--forks is 1 or more, --seconds 0.01 or more");
    }
    MicroSettings settings =
        new MicroSettings(names, forks, (int) (seconds * 1_000), seed, JavaCommand.options());
    return options.measure(
        spec.commandLine(),
        progress -> new MicroBench(suite, settings, progress).run(),
        MicroReport::of);
  }

  private List<String> chosen(MicroSuite suite) {
    List<String> all =
        suite.groups().stream()
            .flatMap(group -> group.pieces().stream())
            .map(MicroSuite.Piece::name)
            .toList();
    if (filter == null) {
      return all;
    }
    List<String> found = all.stream().filter(pattern(filter).asPredicate()).toList();
    if (found.isEmpty()) {
      throw refusal(
          "no piece has %s in its name; there are %s".formatted(filter, String.join(", ", all)));
    }
    return found;
  }

  private Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw refusal("--filter %s: %s".formatted(regex, e.getDescription()));
    }
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
