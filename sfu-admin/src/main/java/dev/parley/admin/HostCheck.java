package dev.parley.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers only requests that name this server. A web page that has its own name resolve to the
 * loopback (DNS rebinding) still sends its own name as Host, and is refused.
 */
final class HostCheck {
  private final Set<String> allowed = new HashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));

  HostCheck(AdminConfig config) {
    config.allowedHosts().forEach(host -> allowed.add(host.toLowerCase(Locale.ROOT)));
  }

  /** Checks a Host header (RFC 9110, section 7.2), port and all. */
  boolean allows(@Nullable String host) {
    if (host == null) {
      return false;
    }
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return allowed.contains(name.toLowerCase(Locale.ROOT));
  }
}
