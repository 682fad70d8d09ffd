package dev.parley.admin;

import dev.parley.admin.rest.AdminToken;
import dev.parley.admin.webhook.WebhookConfig;
import java.time.Duration;
import java.util.List;

/**
 * Where the operator's port is, and who may change things there.
 *
 * @param port 0 takes a free one
 * @param allowedHosts names besides the loopback's that a request's Host may carry, for instance
 *     {@code sfu-admin.internal}; without ports
 * @param tokens of those who may use {@code /v1}; empty: whoever connects from the loopback
 * @param sampleEvery how often everybody's quality is measured
 * @param webhooks who is told of what happens in rooms
 */
public record AdminConfig(
    String host,
    int port,
    List<String> allowedHosts,
    List<AdminToken> tokens,
    Duration sampleEvery,
    WebhookConfig webhooks) {
  public static final AdminConfig DEFAULT =
      new AdminConfig(
          "127.0.0.1", 8081, List.of(), List.of(), Duration.ofSeconds(2), WebhookConfig.NONE);

  public AdminConfig {
    allowedHosts = List.copyOf(allowedHosts);
    tokens = List.copyOf(tokens);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " is not in 0..65535");
    }
  }
}
