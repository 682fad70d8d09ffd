package dev.parley.signaling.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may use this server: its own, and those configured. Programs that are no browsers
 * send no Origin and are let in; the token decides about them.
 */
public final class Origins {
  private final Set<String> allowed;

  public Origins(List<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  public boolean allows(HttpServerRequest request) {
    return allows(request.getHeader(HttpHeaders.ORIGIN), request.getHeader(HttpHeaders.HOST));
  }

  boolean allows(@Nullable String origin, @Nullable String host) {
    return origin == null
        || allowed.contains("*")
        || allowed.contains(origin)
        || isSameHost(origin, host);
  }

  /** Adds the headers of a cross-origin answer (Fetch standard), where the origin is allowed. */
  public void expose(HttpServerRequest request, HttpServerResponse response) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && allows(request)) {
      response
          .putHeader("Access-Control-Allow-Origin", origin)
          .putHeader("Access-Control-Expose-Headers", "Location, ETag, Link, Retry-After")
          .putHeader(HttpHeaders.VARY, "Origin");
    }
  }

  /** Answers a preflight. */
  public void preflight(HttpServerRequest request, HttpServerResponse response, String methods) {
    expose(request, response);
    if (response.headers().contains("Access-Control-Allow-Origin")) {
      response
          .putHeader("Access-Control-Allow-Methods", methods)
          .putHeader("Access-Control-Allow-Headers", "authorization, content-type, if-match")
          .putHeader("Access-Control-Max-Age", "600");
    }
    response.putHeader(HttpHeaders.ALLOW, methods).setStatusCode(204).end();
  }

  private static boolean isSameHost(String origin, @Nullable String host) {
    try {
      String authority = new URI(origin).getAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (URISyntaxException opaque) {
      return false;
    }
  }
}
