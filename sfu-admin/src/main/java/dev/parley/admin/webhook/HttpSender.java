package dev.parley.admin.webhook;

import dev.parley.admin.webhook.AttemptResult.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Requests by HTTP/1.1. Names are looked up on a virtual thread of each request, everything else
 * runs on one event loop.
 */
final class HttpSender implements WebhookSender {
  private static final int KEEP_ALIVE_SEC = 30;

  /** To one server, where all endpoints may be. What is left of an answer may still be read. */
  private static final int CONNECTIONS =
      2 * EndpointQueue.MOST_AT_ONCE * WebhookConfig.MOST_ENDPOINTS;

  private final Context context;
  private final HttpClient client;
  private final AddressGuard guard;
  private final NameLookup names;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * Opens connections when they are needed.
   *
   * @param options of connections, for instance whom TLS trusts
   */
  HttpSender(
      Vertx vertx,
      HttpClientOptions options,
      AddressGuard guard,
      NameLookup names,
      Duration timeout,
      InstantSource clock) {
    this.context = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(options)
                .setKeepAliveTimeout(KEEP_ALIVE_SEC)
                .setConnectTimeout((int) timeout.toMillis())
                .setVerifyHost(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.guard = guard;
    this.names = names;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public CompletionStage<AttemptResult> send(WebhookEndpoint endpoint, String id, String body) {
    CompletableFuture<AttemptResult> result = new CompletableFuture<>();
    HttpAttempt attempt =
        new HttpAttempt(context, client, endpoint, id, body, timeout, clock, result);
    context.runOnContext(now -> attempt.begin());
    Thread.ofVirtual()
        .name("webhook-lookup")
        .start(() -> {
          try {
            List<InetAddress> addresses = Target.of(endpoint, names, guard);
            context.runOnContext(now -> attempt.connect(addresses));
          } catch (UnknownHostException unknown) {
            attempt.end(Outcome.UNREACHABLE, "the name " + endpoint.host() + " is not known");
          } catch (Target.ForbiddenAddressException forbidden) {
            attempt.end(Outcome.FORBIDDEN, String.valueOf(forbidden.getMessage()));
          } catch (RuntimeException broken) {
            attempt.end(Outcome.UNREACHABLE, "looking the name up failed: " + broken);
          }
        });
    return result;
  }

  @Override
  public void close() {
    client.close();
  }
}
