package dev.parley.server.config;

import dev.parley.admin.rest.AdminToken;
import dev.parley.server.config.ConfigType.AdminTokens;
import dev.parley.server.config.ConfigType.IceServers;
import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.Text;
import dev.parley.server.config.ConfigType.TextList;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.signaling.config.TrustedProxies;
import java.util.List;
import java.util.Optional;

/** Where the public port and the admin port listen, and who may use them. */
public final class HttpKeys {
  public static final ConfigKey<String> HTTP_HOST =
      ConfigKey.of(
              "http.host",
              Text.ADDRESS,
              "address",
              "0.0.0.0",
              "Where the call page, the signalling WebSocket, WHIP and WHEP listen.",
              "Browsers give camera and microphone to https pages and to localhost only: put a TLS"
                  + " proxy in front when other machines are to join.")
          .inDev("127.0.0.1");

  public static final ConfigKey<Integer> HTTP_PORT =
      ConfigKey.of(
          "http.port",
          WholeNumber.PORT,
          "port",
          8080,
          "The TCP port of the above; 0 lets the system choose.",
          "Above 1024, so that no privilege is needed.");

  public static final ConfigKey<List<String>> HTTP_ALLOWED_ORIGINS =
      ConfigKey.of(
          "http.allowedOrigins",
          new TextList(
              "origins such as \"https://app.example.org\", or \"*\" for any",
              origin -> origin.equals("*") || origin.matches("https?://[^/?#@]+")),
          "list of origins",
          List.of(),
          "Web origins, besides the server's own, whose pages may use it.",
          "Empty: a foreign page cannot act with a visitor's token.");

  public static final ConfigKey<String> HTTP_CLIENT_ADDRESS_HEADER =
      ConfigKey.of(
          "http.clientAddressHeader",
          new Text("the name of a header, or none"),
          "header name",
          "none",
          "The header in which your proxy names the client's address, for instance"
              + " X-Forwarded-For; the last entry of a list counts.",
          "none: the address of the TCP connection counts, and loopback, where proxies are, never"
              + " does. Name it only behind a proxy that sets it: clients can write it too.");

  public static final ConfigKey<List<String>> HTTP_TRUSTED_PROXIES =
      ConfigKey.of(
          "http.trustedProxies",
          new TextList("networks such as \"10.0.0.0/8\" or addresses", TrustedProxies::isNetwork),
          "list of networks",
          TrustedProxies.LOOPBACK.networks(),
          "Where the proxies are whose http.clientAddressHeader counts; anybody else's does not.",
          "A proxy on this machine. Name the network of one that is elsewhere, and no network from"
              + " which clients come themselves.");

  public static final ConfigKey<Optional<String>> HTTPS_CERTIFICATE_FILE =
      ConfigKey.of(
          "https.certificateFile",
          new OptionalText("the path of a PEM file", path -> true),
          "path",
          Optional.empty(),
          "The server's certificate, intermediate ones behind it; with it the TLS port is open.",
          "none: a proxy speaks TLS, or nobody does. A file that changes is used within 30 s,"
              + " without a restart.");

  public static final ConfigKey<Optional<String>> HTTPS_KEY_FILE =
      ConfigKey.of(
          "https.keyFile",
          new OptionalText("the path of a PEM file", path -> true),
          "path",
          Optional.empty(),
          "The certificate's key, PKCS #8, not encrypted.",
          "A file of its own, that only the server may read.");

  public static final ConfigKey<String> HTTPS_HOST =
      ConfigKey.of(
              "https.host",
              Text.ADDRESS,
              "address",
              "0.0.0.0",
              "Where the TLS port listens: pages, WebSockets, WHIP and WHEP, and TURN beside them.",
              "All addresses: browsers give camera and microphone to https pages.")
          .inDev("127.0.0.1");

  public static final ConfigKey<Integer> HTTPS_PORT =
      ConfigKey.of(
          "https.port",
          WholeNumber.PORT,
          "port",
          8443,
          "The TCP port of the above; 0 lets the system choose.",
          "443 is what the strictest networks let pass; it needs the privilege to bind it"
              + " (CAP_NET_BIND_SERVICE, or net.ipv4.ip_unprivileged_port_start).");

  public static final ConfigKey<String> ADMIN_HOST =
      ConfigKey.of(
          "admin.host",
          Text.ADDRESS,
          "address",
          "127.0.0.1",
          "Where health, metrics, debug pages and the REST interface listen.",
          "Loopback: they tell much about the people in the rooms. Set admin.token before others"
              + " reach it.");

  public static final ConfigKey<Integer> ADMIN_PORT =
      ConfigKey.of(
          "admin.port",
          WholeNumber.PORT,
          "port",
          8081,
          "The TCP port of the above; 0 lets the system choose.",
          "Apart from http.port, so that a firewall can tell them apart.");

  public static final ConfigKey<List<String>> ADMIN_ALLOWED_HOSTS =
      ConfigKey.of(
          "admin.allowedHosts",
          new TextList("host names", name -> name.matches("[\\w.:\\[\\]-]+")),
          "list of host names",
          List.of(),
          "Host names, besides loopback and admin.host, under which the admin port answers.",
          "A page that points its own name at 127.0.0.1 (DNS rebinding) is refused.");

  public static final ConfigKey<Optional<String>> ADMIN_TOKEN =
      ConfigKey.of(
              "admin.token",
              new OptionalText(
                  "a text of at least " + AdminToken.LEAST_CHARS + " characters",
                  text -> text.length() >= AdminToken.LEAST_CHARS),
              "secret",
              Optional.empty(),
              "A bearer token that may do everything on the admin port's /v1.",
              "Without it and admin.tokens programs on this machine need no token, and nobody else"
                  + " may use /v1. Set one where a proxy or other users are on the machine.")
          .asSecret();

  public static final ConfigKey<List<AdminToken>> ADMIN_TOKENS =
      ConfigKey.of(
              "admin.tokens",
              new AdminTokens(),
              "list of tokens",
              List.of(),
              "More bearer tokens for /v1, each { name, token, role }: read looks, operate changes"
                  + " as well. The name stands in the audit log.",
              "Empty: admin.token alone. One for each program that asks, so that each can be"
                  + " taken away.")
          .asSecret();

  public static final ConfigKey<Integer> ADMIN_SAMPLE_SEC =
      ConfigKey.of(
          "admin.sampleSec",
          new WholeNumber(1, 60),
          "seconds",
          2,
          "How often everybody's quality is measured, for time-lines, diagnosis and history.",
          "Short enough to see a stutter. A server with thousands of viewers may do with more.");

  public static final ConfigKey<List<IceServer>> ICE_SERVERS =
      ConfigKey.of(
              "iceServers",
              new IceServers(),
              "list of servers",
              List.of(),
              "STUN and TURN servers that clients are told to use, each { urls, username,"
                  + " credential }, or { urls, secret } for credentials made from a shared secret"
                  + " (coturn's use-auth-secret).",
              "Empty: the server is public, so clients need none unless UDP is blocked. No"
                  + " third-party server by default: it would learn who calls.")
          .asSecret();

  private HttpKeys() {}
}
