package dev.parley.server.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many who connect and then say nothing: {@link Flood} in a namespace with addresses enough. */
final class Strangers implements AutoCloseable {
  private final Namespace namespace;
  private final Process process;
  private volatile Flood.Report report = new Flood.Report(0, 0);

  private Strangers(Namespace namespace, Process process) {
    this.namespace = namespace;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "flood-end"));
    Thread.ofVirtual().start(this::read);
  }

  /** Begins to open so many connections to these ports of the server. */
  static Strangers come(Lab lab, int connections, int... ports) {
    Namespace namespace = Namespace.create("strangers");
    try {
      lab.serverSide().connect("crowd", namespace, "out");
      lab.serverSide().address("crowd", "10.79.0.1/24");
      namespace.address("out", "10.79.0.2/24");
      namespace.defaultRoute("10.79.0.1");
      String all = Lab.STRANGERS + ".0.0/16";
      namespace.run("ip", "route", "add", "local", all, "dev", "lo");
      lab.serverSide().run("ip", "route", "add", all, "via", "10.79.0.2", "src", Lab.IPV4);
      List<String> java =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path", ""),
              Flood.class.getName(),
              Integer.toString(connections));
      Stream<String> targets = IntStream.of(ports).mapToObj(port -> Lab.IPV4 + ":" + port);
      Process process =
          new ProcessBuilder(namespace.inside(Stream.concat(java.stream(), targets).toList()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Strangers(namespace, process);
    } catch (IOException failure) {
      namespace.close();
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      namespace.close();
      throw failure;
    }
  }

  private void read() {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        report = Flood.Report.parse(line);
      }
    } catch (IOException ended) {
      // The last report stays.
    }
  }

  Flood.Report report() {
    return report;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    namespace.close();
  }
}
