package dev.parley.admin.webhook;

import dev.parley.admin.webhook.AttemptResult.Outcome;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request to one endpoint. One event loop, but for {@link #end}. */
final class HttpAttempt {
  /** What is read of an answer, and for how long: its status says all. */
  private static final int ANSWER_BYTES = 4096;

  private static final long ANSWER_MS = 1000;
  private static final int WHY_CHARS = 120;

  private final Context context;
  private final HttpClient client;
  private final WebhookEndpoint endpoint;
  private final String id;
  private final Buffer body;
  private final Duration timeout;
  private final InstantSource clock;
  private final CompletableFuture<AttemptResult> result;
  private @Nullable HttpClientRequest request;
  private long timer;
  private int answerBytes;

  HttpAttempt(
      Context context,
      HttpClient client,
      WebhookEndpoint endpoint,
      String id,
      String body,
      Duration timeout,
      InstantSource clock,
      CompletableFuture<AttemptResult> result) {
    this.context = context;
    this.client = client;
    this.endpoint = endpoint;
    this.id = id;
    this.body = Buffer.buffer(body);
    this.timeout = timeout;
    this.clock = clock;
    this.result = result;
  }

  /** From now on the time runs. */
  void begin() {
    timer =
        context
            .owner()
            .setTimer(
                timeout.toMillis(),
                fired -> {
                  end(Outcome.TIMEOUT, "no answer within " + timeout.toSeconds() + " s");
                  abort();
                });
    var unused = result.whenComplete((ended, never) -> context.owner().cancelTimer(timer));
  }

  /**
   * Connects to the first address that takes the connection.
   *
   * @param addresses have been checked, and are connected to as they are
   */
  void connect(List<InetAddress> addresses) {
    if (result.isDone()) {
      return;
    }
    client
        .request(options(addresses.getFirst()))
        .onSuccess(this::send)
        .onFailure(refused -> {
          if (addresses.size() > 1) {
            connect(addresses.subList(1, addresses.size()));
          } else {
            end(Outcome.UNREACHABLE, "no connection: " + why(refused));
          }
        });
  }

  private RequestOptions options(InetAddress address) {
    // The address as digits: the client has nothing to look up. Host and TLS have the name.
    return new RequestOptions()
        .setServer(
            SocketAddress.inetSocketAddress(
                endpoint.port(), address.getHostAddress().replaceAll("%.*", "")))
        .setHost(endpoint.host())
        .setPort(endpoint.port())
        .setSsl(endpoint.secure())
        .setMethod(HttpMethod.POST)
        .setFollowRedirects(false)
        .setURI(endpoint.target());
  }

  private void send(HttpClientRequest connected) {
    request = connected;
    if (result.isDone()) {
      abort();
      return;
    }
    long atSec = clock.millis() / 1000;
    connected
        .putHeader(HttpHeaders.HOST, endpoint.url().getRawAuthority())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.USER_AGENT, "Parley")
        .putHeader("webhook-id", id)
        .putHeader("webhook-timestamp", Long.toString(atSec))
        .putHeader(
            "webhook-signature",
            WebhookSignature.of(endpoint.secrets(), id, atSec, body.getBytes()));
    connected
        .send(body)
        .onSuccess(this::answered)
        .onFailure(broken -> end(Outcome.UNREACHABLE, "no answer: " + why(broken)));
  }

  private void answered(HttpClientResponse answer) {
    if (result.isDone()) {
      return;
    }
    AttemptResult known =
        AttemptResult.answered(
            answer.statusCode(),
            RetryAfter.ms(answer.getHeader(HttpHeaders.RETRY_AFTER), clock.millis()));
    long endless =
        context
            .owner()
            .setTimer(
                Math.min(ANSWER_MS, timeout.toMillis()),
                fired -> {
                  result.complete(known);
                  abort();
                });
    var unused = result.whenComplete((ended, never) -> context.owner().cancelTimer(endless));
    answer.handler(part -> {
      answerBytes += part.length();
      if (answerBytes > ANSWER_BYTES) {
        result.complete(known);
        abort();
      }
    });
    answer.endHandler(end -> result.complete(known));
    answer.exceptionHandler(broken -> result.complete(known));
  }

  /** Any thread. */
  void end(Outcome outcome, String error) {
    result.complete(AttemptResult.unanswered(outcome, error));
  }

  private void abort() {
    HttpClientRequest begun = request;
    if (begun != null) {
      begun.reset();
    }
  }

  private static String why(Throwable broken) {
    String text = broken.getMessage() == null ? broken.getClass().getName() : broken.getMessage();
    return text.length() > WHY_CHARS ? text.substring(0, WHY_CHARS) + "…" : text;
  }
}
