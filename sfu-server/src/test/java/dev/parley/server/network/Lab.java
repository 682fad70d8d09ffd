package dev.parley.server.network;

import dev.parley.server.browser.DistantCaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the rows of the matrix share: the server in a namespace, with fixed addresses, and Ann in
 * another one beside it, without anything between them. Ben is always elsewhere: {@link Site}.
 */
final class Lab implements AutoCloseable {
  static final String IPV4 = "10.77.0.1";
  static final String IPV6 = "fd77::1";
  static final int TLS_PORT = 443;
  static final int RELAY_PORT = 3478;

  /** The first worker's; the others' follow. */
  static final int MEDIA_TCP_PORT = 10_000;

  /** Where {@link Strangers} come from: the first half of their addresses. */
  static final String STRANGERS = "10.78";

  /** Where everything that the rows leave behind lies. */
  static final Path FOLDER = Path.of("target", "network").toAbsolutePath();

  private static final AtomicInteger ROOMS = new AtomicInteger();

  private final Parts parts = new Parts();
  private final Namespace serverSide;
  private final Certificate certificate;
  private final String moreConfig;
  private final DistantCaller ann;

  private Lab(String moreConfig) {
    this.moreConfig = moreConfig;
    try {
      Files.createDirectories(FOLDER);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    try {
      certificate = Certificate.make(FOLDER, IPV4, IPV6);
      serverSide = parts.keep(Namespace.create("server"));
      Namespace near = parts.keep(Namespace.create("near"));
      serverSide.connect("near", near, "out");
      serverSide.address("near", IPV4 + "/24");
      serverSide.address("near", IPV6 + "/64");
      near.address("out", "10.77.0.2/24");
      near.defaultRoute(IPV4);
      var unused = parts.keep(ServerInside.start(serverSide, FOLDER, config()));
      ann = parts.keep(browser("Ann", near));
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Makes it; the test is skipped where that is not possible. */
  static Lab open(String moreConfig) {
    DistantCaller.assumePossible();
    Namespace.assumePossible();
    return new Lab(moreConfig);
  }

  /** No address is announced by name: the server has to find its own. */
  private String config() {
    return """
    http.port = 8080
    https.host = "::"
    https.port = %d
    https.certificateFile = "%s"
    https.keyFile = "%s"
    admin.port = 8081
    %s
    """
        .formatted(TLS_PORT, certificate.file(), certificate.key(), moreConfig);
  }

  /** Whose network nothing is wrong with. */
  DistantCaller ann() {
    return ann;
  }

  Certificate certificate() {
    return certificate;
  }

  /** Where the server is. */
  Namespace serverSide() {
    return serverSide;
  }

  /** A browser for somebody in a namespace. */
  DistantCaller browser(String name, Namespace namespace) {
    return DistantCaller.launch(
        name,
        namespace.launcher(DistantCaller.chromium()),
        List.of("--ignore-certificate-errors-spki-list=" + certificate.pin()));
  }

  static String newRoom() {
    return "network-" + ROOMS.incrementAndGet();
  }

  static String page(String host) {
    return "https://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, TLS_PORT);
  }

  @Override
  public void close() {
    parts.close();
  }
}
