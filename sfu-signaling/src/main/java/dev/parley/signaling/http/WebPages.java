package dev.parley.signaling.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The web pages of one folder of the class path, read into memory once: requests touch no file and
 * can name none. Immutable; any thread.
 */
public final class WebPages {
  /** What the build names after its contents never changes. */
  private static final Pattern HASHED =
      Pattern.compile("^/assets/[^/]+-[A-Za-z0-9_-]{8}\\.[a-z0-9.]+$");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private record Page(Buffer bytes, String contentType, String etag, boolean immutable) {}

  private final Map<String, Page> pages;
  private final Map<String, String> headers;

  private WebPages(Map<String, Page> pages, Map<String, String> headers) {
    this.pages = Map.copyOf(pages);
    this.headers = Map.copyOf(headers);
  }

  /**
   * Blocks while it reads; call it before serving. The first of two equal paths wins.
   *
   * @param folder of the class path, for instance {@code web}; none is as an empty one
   * @param headers of each page: its content security policy, and what else it may do
   */
  public static WebPages load(ClassLoader loader, String folder, Map<String, String> headers) {
    Map<String, Page> pages = new HashMap<>();
    try {
      for (URL root : Collections.list(loader.getResources(folder))) {
        read(root.toURI(), folder, pages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the web pages", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class loader gave an invalid address", e);
    }
    return new WebPages(pages, headers);
  }

  private static void read(URI root, String folder, Map<String, Page> pages) throws IOException {
    if ("jar".equals(root.getScheme())) {
      try (FileSystem jar = FileSystems.newFileSystem(root, Map.of())) {
        readTree(jar.getPath("/" + folder), pages);
      }
    } else {
      readTree(Path.of(root), pages);
    }
  }

  private static void readTree(Path root, Map<String, Page> pages) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = "/" + root.relativize(file).toString().replace('\\', '/');
        byte[] bytes = Files.readAllBytes(file);
        String extension = path.substring(path.lastIndexOf('.') + 1);
        pages.putIfAbsent(
            path,
            new Page(
                Buffer.buffer(bytes),
                TYPES.getOrDefault(extension, "application/octet-stream"),
                etag(bytes),
                HASHED.matcher(path).matches()));
      }
    }
  }

  /** Serves {@code /x} from {@code x}, {@code x.html} or {@code x/index.html}. */
  void serve(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (!isReading(request)) {
      response.putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Problem.send(response, 405, "pages can be read only");
    } else if (!serveKnown(request)) {
      Problem.send(response, 404, "there is nothing at this address");
    }
  }

  /**
   * As {@link #serve}, of what there is.
   *
   * @return whether the request is answered
   */
  public boolean serveKnown(HttpServerRequest request) {
    if (!isReading(request)) {
      return false;
    }
    String path = request.path() == null ? "/" : request.path();
    String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    for (String candidate : List.of(path, bare + ".html", bare + "/index.html")) {
      Page page = pages.get(candidate);
      if (page != null) {
        send(request, page);
        return true;
      }
    }
    return false;
  }

  private static boolean isReading(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private void send(HttpServerRequest request, Page page) {
    HttpServerResponse response =
        request
            .response()
            .putHeader(HttpHeaders.ETAG, page.etag())
            .putHeader(
                HttpHeaders.CACHE_CONTROL,
                page.immutable() ? "public, max-age=31536000, immutable" : "no-cache");
    headers.forEach(response::putHeader);
    if (page.etag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, page.contentType());
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(page.bytes().length())).end();
    } else {
      response.end(page.bytes());
    }
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(digest) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
