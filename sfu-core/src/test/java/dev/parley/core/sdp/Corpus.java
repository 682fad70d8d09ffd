package dev.parley.core.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Descriptions that Chromium and Firefox gave, as recorded. */
final class Corpus {
  private Corpus() {}

  /** {@code name} is the path inside the corpus, for instance {@code offers/….sdp.gz}. */
  record Entry(String name, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Entry> all() {
    return ALL.stream();
  }

  static Stream<Entry> offers() {
    return all().filter(e -> e.name().startsWith("offers/") || e.name().contains(".offer."));
  }

  static Entry named(String name) {
    return all().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  static Entry offer(String name) {
    return named("offers/" + name + ".sdp.gz");
  }

  private static final List<Entry> ALL = load();

  private static List<Entry> load() {
    try {
      URL url = Objects.requireNonNull(Corpus.class.getResource("/corpus/sdp"));
      Path root = Path.of(url.toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(f -> f.toString().endsWith(".gz"))
            .sorted()
            .map(f -> new Entry(root.relativize(f).toString(), text(f)))
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
