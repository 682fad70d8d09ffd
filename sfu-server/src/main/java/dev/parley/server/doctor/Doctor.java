package dev.parley.server.doctor;

import dev.parley.core.common.AddressText;
import dev.parley.server.config.ConfigProblem;
import dev.parley.server.config.MediaKeys;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.MediaIo;
import dev.parley.signaling.tls.Certificate;
import dev.parley.signaling.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks whether a server with this configuration would work well on this machine. */
public final class Doctor {
  /** Class files of the project need this release. */
  private static final int JDK_FEATURE = 25;

  /** Files a server holds open besides its connections: jars, sockets of workers, logs. */
  private static final int FILES_BESIDES_CONNECTIONS = 300;

  /** Certificates of 90 days are renewed a month before they end; so near the end nobody has. */
  private static final long CERTIFICATE_DAYS = 14;

  private final Machine machine;

  public Doctor(Machine machine) {
    this.machine = machine;
  }

  /** Every check, in the order they should be read in. */
  public List<Finding> examine(ParleyConfig config) {
    List<Finding> findings = new ArrayList<>(examineMachine());
    findings.add(epoll(config.media().io()));
    findings.add(
        Finding.ok(
            "Configuration: "
                + config.file().map(Object::toString).orElse("defaults and environment")));
    findings.add(secret(config));
    findings.addAll(ports(config));
    config.https().ifPresent(https -> findings.add(certificate(https)));
    findings.add(
        buffer(
            "receive",
            "net.core.rmem_max",
            config.media().udp().receiveBufferBytes(),
            MediaKeys.MEDIA_UDP_RECEIVE_BUFFER_BYTES.path()));
    findings.add(
        buffer(
            "send",
            "net.core.wmem_max",
            config.media().udp().sendBufferBytes(),
            MediaKeys.MEDIA_UDP_SEND_BUFFER_BYTES.path()));
    findings.add(addresses(config));
    findings.add(openFiles(config.limits().connections()));
    return List.copyOf(findings);
  }

  /** What can be said when the configuration cannot be read. */
  public List<Finding> examine(List<ConfigProblem> problems) {
    List<Finding> findings = new ArrayList<>(examineMachine());
    for (ConfigProblem problem : problems) {
      findings.add(
          Finding.problem(
              "Configuration: " + problem.message(),
              problem.where(),
              "Correct it; docs/configuration.md has every key."));
    }
    return List.copyOf(findings);
  }

  private List<Finding> examineMachine() {
    return List.of(jdk(), libcrypto());
  }

  private Finding jdk() {
    return machine.jdkFeature() >= JDK_FEATURE
        ? Finding.ok("JDK " + machine.jdkVersion())
        : Finding.problem(
            "JDK " + machine.jdkVersion() + " is too old",
            "Parley is compiled for JDK " + JDK_FEATURE + ".",
            "Install a JDK " + JDK_FEATURE + " and point JAVA_HOME to it.");
  }

  private Finding libcrypto() {
    return machine
        .libraryFailure("libcrypto.so.3")
        .map(failure ->
            Finding.warning(
                "OpenSSL's libcrypto.so.3 does not load",
                failure,
                "Install libssl3 (Debian, Ubuntu) or openssl-libs (Fedora); media is encrypted"
                    + " by Java code until then, which is slower."))
        .orElseGet(() -> Finding.ok("OpenSSL's libcrypto.so.3 loads"));
  }

  private Finding epoll(MediaIo io) {
    Optional<String> failure = machine.epollFailure();
    if (failure.isEmpty()) {
      return Finding.ok("Native epoll loads");
    }
    String advice = "Linux on x86-64 or aarch64 with glibc has it.";
    return switch (io) {
      case EPOLL ->
          Finding.problem(
              "Native epoll does not load, but media.io asks for it", failure.get(), advice);
      case AUTO ->
          Finding.warning(
              "Native epoll does not load; nio, which is slower, will be used",
              failure.get(),
              advice);
      case NIO -> Finding.ok("Native epoll does not load; media.io = nio does without");
    };
  }

  private Finding secret(ParleyConfig config) {
    if (config.auth().hasSampleSecret() && config.auth().keySet().isConfigured()) {
      return Finding.ok("Tokens are checked with a key set");
    }
    if (config.auth().hasSampleSecret()) {
      return Finding.warning(
          "The token secret is the public sample value",
          "Accepted because of --dev; a server that others reach refuses it.",
          "Set PARLEY_AUTH_SECRET to the output of: openssl rand -base64 48");
    }
    return Finding.ok("The token secret is set");
  }

  private List<Finding> ports(ParleyConfig config) {
    List<Finding> findings = new ArrayList<>();
    ParleyConfig.Http http = config.http();
    ParleyConfig.Admin admin = config.admin();
    boolean running = false;
    if (http.port() != 0 && machine.tcpBindFailure(http.host(), http.port()).isPresent()) {
      running = machine.answersHealth(reachable(http.host()), http.port());
    }
    findings.add(tcpPort("http.port", http.host(), http.port(), running));
    boolean held = running;
    config
        .https()
        .ifPresent(https -> findings.add(tcpPort("https.port", https.host(), https.port(), held)));
    findings.add(tcpPort("admin.port", admin.host(), admin.port(), running));
    findings.add(udpPorts(config.media(), running));
    return findings;
  }

  private Finding certificate(ParleyConfig.Https https) {
    Certificate certificate;
    try {
      certificate =
          Certificate.read(
              new TlsConfig(https.host(), https.port(), https.certificateFile(), https.keyFile()));
    } catch (IOException unusable) {
      return Finding.problem(
          "The certificate cannot be used",
          unusable.toString(),
          "Correct https.certificateFile and https.keyFile.");
    }
    long days = Duration.between(machine.now(), certificate.notAfter()).toDays();
    String name = "The certificate of " + certificate.subject();
    if (machine.now().isAfter(certificate.notAfter())) {
      return Finding.problem(
          name + " has ended",
          "It was valid until " + certificate.notAfter() + ".",
          "Renew it; the server takes the new files within 30 s.");
    }
    return days < CERTIFICATE_DAYS
        ? Finding.warning(
            name + " ends in " + days + " days",
            "It is valid until " + certificate.notAfter() + ".",
            "Renew it; the server takes the new files within 30 s.")
        : Finding.ok(name + " is valid for " + days + " days");
  }

  private Finding tcpPort(String key, String host, int port, boolean running) {
    if (port == 0) {
      return Finding.ok(key + " is chosen by the system");
    }
    String name = "TCP " + host + ":" + port + " (" + key + ")";
    Optional<String> failure = machine.tcpBindFailure(host, port);
    if (failure.isEmpty()) {
      return Finding.ok(name + " is free");
    }
    return running ? held(name) : taken(name, failure.get(), "ss -ltnp 'sport = :" + port + "'");
  }

  private Finding udpPorts(ParleyConfig.Media media, boolean running) {
    int first = media.udp().port();
    if (first == 0) {
      return Finding.ok("media.udp.port is chosen by the system");
    }
    int last = first + media.effectiveWorkers() - 1;
    String name =
        "UDP %s:%d%s (media.udp.port)"
            .formatted(media.udp().bindAddress(), first, last == first ? "" : "-" + last);
    for (int port = first; port <= last; port++) {
      Optional<String> failure = machine.udpBindFailure(media.udp().bindAddress(), port);
      if (failure.isPresent()) {
        return running
            ? held(name)
            : taken(
                name, "port " + port + ": " + failure.get(), "ss -lunp 'sport = :" + port + "'");
      }
    }
    return Finding.ok(name + (last == first ? " is free" : " are free"));
  }

  private static Finding held(String name) {
    return Finding.ok(name + " is held by a server that answers /healthz, likely Parley");
  }

  private static Finding taken(String name, String cause, String command) {
    return Finding.problem(
        name + " cannot be used",
        cause,
        "See who holds it with: " + command + " - or choose another port.");
  }

  private Finding buffer(String name, String setting, int wantedBytes, String key) {
    OptionalLong capBytes = machine.kernelSetting(setting);
    if (capBytes.isEmpty()) {
      return Finding.ok("The kernel sets no cap on the UDP " + name + " buffer that can be read");
    }
    long cap = capBytes.getAsLong();
    if (cap >= wantedBytes) {
      return Finding.ok("UDP " + name + " buffer of " + size(wantedBytes) + " is allowed");
    }
    return Finding.warning(
        "UDP " + name + " buffer of " + size(wantedBytes) + " will be cut to " + size(cap),
        setting
            + " = "
            + cap
            + " is below "
            + key
            + " = "
            + wantedBytes
            + "; bursts may lose packets.",
        "sysctl -w " + setting + "=" + wantedBytes);
  }

  private Finding addresses(ParleyConfig config) {
    List<String> announced = config.media().announcedAddresses();
    boolean configured = !announced.isEmpty();
    List<InetAddress> addresses =
        configured
            ? announced.stream().map(InetAddress::ofLiteral).toList()
            : machine.interfaceAddresses().stream()
                .filter(address -> config.dev() || !address.isLoopbackAddress())
                .filter(address -> !address.isLinkLocalAddress())
                .toList();
    String list = String.join(", ", addresses.stream().map(AddressText::of).toList());
    if (addresses.isEmpty()) {
      return Finding.problem(
          "There is no address to announce to clients",
          "media.announcedAddresses is empty and no interface but loopback is up.",
          "Set media.announcedAddresses, or start with --dev on your own machine.");
    }
    String title = "Clients are told to send media to " + list;
    if (config.dev() || addresses.stream().anyMatch(Doctor::isPublic)) {
      return Finding.ok(title);
    }
    return Finding.warning(
        title,
        "None of these is a public address, so only clients of the same network can connect.",
        "Set media.announcedAddresses to the public address and forward the UDP ports to it.");
  }

  private Finding openFiles(int connections) {
    OptionalLong limit = machine.maxOpenFiles();
    if (limit.isEmpty()) {
      return Finding.ok("The system tells no limit of open files");
    }
    int wanted = connections + FILES_BESIDES_CONNECTIONS;
    return limit.getAsLong() >= wanted
        ? Finding.ok("Open files: " + limit.getAsLong() + " allowed, " + wanted + " needed")
        : Finding.problem(
            "Only " + limit.getAsLong() + " open files are allowed, " + wanted + " are needed",
            "limits.connections = " + connections + " needs one for each connection.",
            "ulimit -n " + wanted + ", or LimitNOFILE= in the systemd unit.");
  }

  /** Where to reach a server that listens on every address. */
  private static String reachable(String host) {
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }

  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean carrierGradeNat =
        bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40; // RFC 6598
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC; // RFC 4193
    return !address.isLoopbackAddress()
        && !address.isLinkLocalAddress()
        && !address.isSiteLocalAddress()
        && !carrierGradeNat
        && !uniqueLocal;
  }

  private static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
