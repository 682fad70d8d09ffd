package dev.parley.signaling.tls;

import java.nio.file.Path;

/**
 * Where TLS is spoken.
 *
 * @param port 0 takes a free one
 * @param certificateFile PEM, the server's certificate first and the intermediate ones behind it
 * @param keyFile PEM, PKCS #8, not encrypted
 */
public record TlsConfig(String host, int port, Path certificateFile, Path keyFile) {}
