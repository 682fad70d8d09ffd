package dev.parley.bots.scenario;

import java.net.URI;
import java.util.Optional;

/**
 * The server under load.
 *
 * @param url where people join
 * @param admin where {@code /metrics} is
 */
public record Target(URI url, Optional<URI> admin, Tokens tokens) {}
