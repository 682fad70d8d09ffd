package dev.parley.core.net;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate chain and its key in PEM files, read again when one of them has changed. While they
 * cannot be read the ones before stay. Any thread.
 */
final class TurnCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(TurnCertificate.class);

  private final Path chain;
  private final Path key;
  private volatile Loaded loaded;

  private record Loaded(SslContext context, String stamp) {}

  /**
   * Reads the files.
   *
   * @throws IOException when they cannot be read, or do not belong together; names them
   */
  TurnCertificate(Path chain, Path key) throws IOException {
    this.chain = chain;
    this.key = key;
    this.loaded = load();
  }

  private Loaded load() throws IOException {
    String stamp = stamp();
    try {
      SslContext context =
          SslContextBuilder.forServer(chain.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .build();
      return new Loaded(context, stamp);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "the certificate %s with the key %s cannot be used: %s"
              .formatted(chain, key, e.getMessage()),
          e);
    }
  }

  private String stamp() throws IOException {
    return Files.getLastModifiedTime(chain) + " " + Files.getLastModifiedTime(key);
  }

  SslContext context() {
    return loaded.context();
  }

  /** Reads the files anew if their times have changed. May wait for the disk. */
  void refresh() {
    try {
      if (!stamp().equals(loaded.stamp())) {
        loaded = load();
        LOG.atInfo().addKeyValue("event", "turn.certificate_read").log();
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("event", "turn.certificate_unreadable").setCause(e).log();
    }
  }
}
