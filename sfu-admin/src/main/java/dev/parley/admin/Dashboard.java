package dev.parley.admin;

import dev.parley.signaling.http.WebPages;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * The operator's pages, at {@code /}. They hold nothing secret and ask nobody; what they show they
 * ask {@code /v1} for, as anybody else.
 */
final class Dashboard {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
              + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), display-capture=(), geolocation=()",
          "Referrer-Policy",
          "no-referrer");

  private Dashboard() {}

  /** Reads the pages from the class path; blocks while it does. */
  static void mount(Router router) {
    WebPages pages = WebPages.load(Dashboard.class.getClassLoader(), "dashboard", HEADERS);
    router
        .route()
        .handler(context -> {
          if (!pages.serveKnown(context.request())) {
            context.next();
          }
        });
  }
}
