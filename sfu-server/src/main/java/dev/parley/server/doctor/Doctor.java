package dev.parley.server.doctor;

import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.LocalAddresses;
import dev.parley.core.common.AddressScope;
import dev.parley.core.common.AddressText;
import dev.parley.server.config.AuthKeys;
import dev.parley.server.config.ConfigProblem;
import dev.parley.server.config.MediaKeys;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.MediaIo;
import dev.parley.server.config.TurnKeys;
import dev.parley.signaling.tls.Certificate;
import dev.parley.signaling.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Checks whether a server with this configuration would work well on this machine. */
public final class Doctor {
  /** Class files of the project need this release. */
  private static final int JDK_FEATURE = 25;

  /** Files a server holds open besides its connections: jars, sockets of workers, logs. */
  private static final int FILES_BESIDES_CONNECTIONS = 300;

  /** Certificates of 90 days are renewed about then; of shorter ones the last third counts. */
  private static final long CERTIFICATE_DAYS = 30;

  private static final int CERTIFICATE_LAST_PART = 3;

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
    findings.addAll(secrets(config));
    findings.addAll(ports(config));
    findings.addAll(certificates(config, false));
    findings.add(clock());
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
    findings.addAll(addresses(config));
    findings.add(openFiles(config.limits().connections() + mediaConnections(config.media())));
    return List.copyOf(findings);
  }

  /**
   * What may change while a server runs, or matters as long as it does: secrets, certificates, the
   * clock and the addresses. Files that cannot be used are no problem yet, since the server goes on
   * with the certificate that it has, and so is a relay whose certificate has ended, since calls do
   * without. Reads files.
   *
   * @param announced what clients are told now; if nothing, the media engine itself says so
   */
  public List<Finding> examineRunning(ParleyConfig config, List<InetAddress> announced) {
    List<Finding> findings = new ArrayList<>(secrets(config));
    findings.addAll(certificates(config, true));
    findings.add(clock());
    if (!announced.isEmpty()) {
      findings.add(announced(config, announced));
    }
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

  private List<Finding> secrets(ParleyConfig config) {
    return Stream.concat(Stream.of(secret(config)), turnSecret(config).stream()).toList();
  }

  /** A short or sample secret of the relay is refused when the configuration is read. */
  private static Optional<Finding> turnSecret(ParleyConfig config) {
    ParleyConfig.Turn turn = config.turn();
    if (!turn.enabled()) {
      return Optional.empty();
    }
    if (turn.secret().isPresent()) {
      int bytes = turn.secret().get().value().getBytes(StandardCharsets.UTF_8).length;
      return Optional.of(
          bytes < TurnKeys.SECRET_MIN_BYTES || turn.secret().get().equals(AuthKeys.SAMPLE_SECRET)
              ? Finding.warning(
                  "The relay's secret is short or the public sample value",
                  "Accepted because of --dev; a server that others reach refuses it.",
                  "Set PARLEY_TURN_SECRET to the output of: openssl rand -base64 32")
              : Finding.ok("The relay's secret is set"));
    }
    return config.dev()
        ? Optional.empty()
        : Optional.of(
            Finding.warning(
                "No relay runs: turn.secret is empty",
                "Clients in networks that let nothing but TCP 443 through cannot connect.",
                "Set PARLEY_TURN_SECRET to the output of: openssl rand -base64 32 - or"
                    + " turn.enabled = false, where iceServers names another relay."));
  }

  /**
   * Against the kernel's own word; what it cannot know is said with {@link Machine#clockIsKept}.
   */
  private Finding clock() {
    Optional<Boolean> kept = machine.clockIsKept();
    if (kept.isEmpty()) {
      return Finding.ok("The system does not tell whether its clock is kept right");
    }
    return kept.get()
        ? Finding.ok("The clock is kept right, says the kernel")
        : Finding.warning(
            "Nobody keeps the clock right, says the kernel",
            "Tokens and relay credentials end by this clock. A virtual machine whose host sets the"
                + " clock may be right all the same.",
            "Run chrony (with rtcsync) or systemd-timesyncd, and look with: timedatectl");
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
    ParleyConfig.Media media = config.media();
    findings.add(mediaPorts("media.udp.port", "UDP", media.udp().port(), media, running));
    if (media.tcp().enabled()) {
      findings.add(mediaPorts("media.tcp.port", "TCP", media.tcp().port(), media, running));
    }
    ParleyConfig.Turn turn = config.turn();
    if (turn.enabled() && turn.secret().isPresent()) {
      String host = media.udp().bindAddress();
      findings.add(udpPort("turn.port", host, turn.port(), running));
      findings.add(tcpPort("turn.port", host, turn.port(), running));
      if (turn.tlsPort() != 0) {
        findings.add(tcpPort("turn.tlsPort", host, turn.tlsPort(), running));
      }
    }
    return findings;
  }

  /** Of https, and of the relay where it has one of its own. */
  private List<Finding> certificates(ParleyConfig config, boolean running) {
    List<Finding> findings = new ArrayList<>();
    config
        .https()
        .ifPresent(https ->
            findings.add(certificate("https", https.certificateFile(), https.keyFile(), running)));
    ParleyConfig.Turn turn = config.turn();
    if (turn.enabled() && turn.tlsPort() != 0) {
      turn.certificateFile()
          .ifPresent(file -> {
            Path key = Path.of(turn.keyFile().orElse(""));
            Finding found = certificate("turn", Path.of(file), key, running);
            findings.add(running ? found.asWarning() : found);
          });
    }
    return findings;
  }

  private Finding certificate(String section, Path certificateFile, Path keyFile, boolean running) {
    Certificate certificate;
    try {
      certificate = Certificate.read(new TlsConfig("", 0, certificateFile, keyFile));
    } catch (IOException unusable) {
      Finding found =
          Finding.problem(
              "The certificate cannot be used",
              unusable.toString(),
              "Correct %s.certificateFile and %s.keyFile.".formatted(section, section));
      return running ? found.asWarning() : found;
    }
    Duration left = Duration.between(machine.now(), certificate.notAfter());
    Duration lastPart =
        Duration.between(certificate.notBefore(), certificate.notAfter())
            .dividedBy(CERTIFICATE_LAST_PART);
    boolean isNear =
        left.compareTo(lastPart) < 0 && left.compareTo(Duration.ofDays(CERTIFICATE_DAYS)) < 0;
    long days = left.toDays();
    String name = "The certificate of " + certificate.subject();
    if (machine.now().isAfter(certificate.notAfter())) {
      return Finding.problem(
          name + " has ended",
          "It was valid until " + certificate.notAfter() + ".",
          "Renew it; the server takes the new files within a minute.");
    }
    return isNear
        ? Finding.warning(
            name + " ends in " + days + " days",
            "It is valid until " + certificate.notAfter() + ".",
            "Renew it; the server takes the new files within a minute.")
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

  private Finding udpPort(String key, String host, int port, boolean running) {
    if (port == 0) {
      return Finding.ok(key + " is chosen by the system");
    }
    String name = "UDP " + host + ":" + port + " (" + key + ")";
    Optional<String> failure = machine.udpBindFailure(host, port);
    if (failure.isEmpty()) {
      return Finding.ok(name + " is free");
    }
    return running ? held(name) : taken(name, failure.get(), "ss -lunp 'sport = :" + port + "'");
  }

  private Finding mediaPorts(
      String key, String transport, int first, ParleyConfig.Media media, boolean running) {
    if (first == 0) {
      return Finding.ok(key + " is chosen by the system");
    }
    boolean udp = transport.equals("UDP");
    String host = media.udp().bindAddress();
    int last = first + media.effectiveWorkers() - 1;
    String name =
        "%s %s:%d%s (%s)".formatted(transport, host, first, last == first ? "" : "-" + last, key);
    for (int port = first; port <= last; port++) {
      Optional<String> failure =
          udp ? machine.udpBindFailure(host, port) : machine.tcpBindFailure(host, port);
      if (failure.isPresent()) {
        return running
            ? held(name)
            : taken(
                name,
                "port " + port + ": " + failure.get(),
                "ss -l%snp 'sport = :%d'".formatted(udp ? "u" : "t", port));
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

  /** What a server would announce, after the same questions. */
  private List<Finding> addresses(ParleyConfig config) {
    List<Finding> findings = new ArrayList<>();
    List<InetAddress> all = new ArrayList<>();
    config.media().announcedAddresses().forEach(text -> all.add(InetAddress.ofLiteral(text)));
    AddressLookup lookup = config.media().publicAddress().lookup();
    if (!lookup.stunServers().isEmpty() || lookup.cloud().isPresent()) {
      Machine.Looked looked = machine.lookUp(lookup);
      all.addAll(looked.known());
      looked
          .failures()
          .forEach(failure ->
              findings.add(
                  Finding.warning(
                      "The public address could not be asked for",
                      failure,
                      "Correct media.publicAddress, let UDP (STUN) or HTTP to it through, or set"
                          + " media.announcedAddresses.")));
    }
    if (config.media().announcedAddresses().isEmpty()) {
      all.addAll(
          LocalAddresses.toAnnounce(machine.interfaceAddresses(), config.dev(), false).stream()
              .filter(address -> config.dev() || !address.isLoopbackAddress())
              .toList());
    }
    findings.add(announced(config, all.stream().distinct().toList()));
    return findings;
  }

  private static Finding announced(ParleyConfig config, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      return Finding.problem(
          "There is no address to announce to clients",
          "media.announcedAddresses is empty and no interface but loopback is up.",
          "Set media.announcedAddresses, or start with --dev on your own machine.");
    }
    String title =
        "Clients are told to send media to "
            + String.join(", ", addresses.stream().map(AddressText::of).toList());
    if (config.dev()
        || addresses.stream().anyMatch(one -> AddressScope.of(one) == AddressScope.PUBLIC)) {
      return Finding.ok(title);
    }
    return Finding.warning(
        title,
        "None of these is a public address, so only clients of the same network can connect.",
        "Set media.announcedAddresses to the public address, or media.publicAddress to whom to ask"
            + " for it, and forward the UDP and TCP ports to this machine.");
  }

  private static int mediaConnections(ParleyConfig.Media media) {
    return media.tcp().enabled() ? media.tcp().maxConnections() * media.effectiveWorkers() : 0;
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

  private static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " bytes";
    }
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
