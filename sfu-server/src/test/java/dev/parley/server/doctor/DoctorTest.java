package dev.parley.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.address.AddressLookup;
import dev.parley.core.api.MediaServer;
import dev.parley.core.turn.TestCertificate;
import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.ConfigProblem;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private static final String SECRET = "a-secret-that-is-long-enough-for-hs256";

  private final FakeMachine machine = new FakeMachine();

  @Test
  void shouldFindNothingWrongWithAGoodMachine() throws Exception {
    List<Finding> findings = examine(Map.of());
    assertTrue(findings.stream().allMatch(f -> f.verdict() == Verdict.OK), findings.toString());
    assertTrue(findings.size() >= 10, findings.toString());
  }

  @Test
  void shouldRefuseAnOldJdk() throws Exception {
    machine.jdk = 21;
    assertOne(Verdict.PROBLEM, "JDK 21-test is too old", examine(Map.of()));
  }

  @Test
  void shouldWarnWithoutEpollUnlessItWasAskedFor() throws Exception {
    machine.epollFailure = Optional.of("no library");
    assertOne(Verdict.WARNING, "Native epoll does not load; nio", examine(Map.of()));
    assertOne(
        Verdict.PROBLEM,
        "Native epoll does not load, but media.io asks for it",
        examine(Map.of("PARLEY_MEDIA_IO", "epoll")));
  }

  @Test
  void shouldWarnWithoutLibcrypto() throws Exception {
    machine.missingLibraries.add("libcrypto.so.3");
    assertOne(Verdict.WARNING, "OpenSSL's libcrypto.so.3 does not load", examine(Map.of()));
  }

  @Test
  void shouldWarnWhereTheKernelCutsABuffer() throws Exception {
    machine.kernel.put("net.core.rmem_max", 212_992L);
    Finding finding =
        assertOne(
            Verdict.WARNING,
            "UDP receive buffer of 4 MiB will be cut to 208 KiB",
            examine(Map.of()));
    assertEquals("sysctl -w net.core.rmem_max=4194304", finding.advice());
  }

  @Test
  void shouldNameThePortThatIsTaken() throws Exception {
    machine.takenTcp.add(8080);
    machine.takenUdp.add(10001);
    machine.takenTcp.add(10000);
    List<Finding> findings = examine(Map.of());
    assertOne(Verdict.PROBLEM, "TCP 0.0.0.0:8080 (http.port) cannot be used", findings);
    assertOne(Verdict.PROBLEM, "UDP 0.0.0.0:10000-10001 (media.udp.port) cannot be used", findings);
    assertOne(Verdict.PROBLEM, "TCP 0.0.0.0:10000-10001 (media.tcp.port) cannot be used", findings);
  }

  @Test
  void shouldTakeItWellWhenAServerRuns() throws Exception {
    machine.takenTcp.addAll(Set.of(8080, 8081));
    machine.takenUdp.addAll(Set.of(10000, 10001));
    machine.healthy = true;
    List<Finding> findings = examine(Map.of());
    assertTrue(findings.stream().allMatch(f -> f.verdict() == Verdict.OK), findings.toString());
    assertEquals(3, findings.stream().filter(f -> f.title().contains("is held by")).count());
  }

  @Test
  void shouldWarnWhenOnlyPrivateAddressesAreAnnounced() throws Exception {
    for (String address : List.of("10.0.0.5", "100.64.0.9", "fd00::5", "127.0.0.1")) {
      assertOne(
          Verdict.WARNING,
          "Clients are told to send media to ",
          examine(Map.of("PARLEY_MEDIA_ANNOUNCED_ADDRESSES", address)));
    }
  }

  @Test
  void shouldTakeWhatOthersSayForAPublicAddress() throws Exception {
    machine.addresses = List.of(InetAddress.ofLiteral("10.0.0.5"));
    Map<String, String> asking = Map.of("PARLEY_MEDIA_PUBLIC_ADDRESS_CLOUD", "aws");
    machine.looked = new Machine.Looked(List.of(InetAddress.ofLiteral("203.0.113.5")), List.of());
    assertOne(
        Verdict.OK, "Clients are told to send media to 203.0.113.5, 10.0.0.5", examine(asking));
    machine.looked = new Machine.Looked(List.of(), List.of("AWS metadata: timed out"));
    List<Finding> findings = examine(asking);
    assertEquals(
        "AWS metadata: timed out",
        assertOne(Verdict.WARNING, "The public address could not be asked for", findings).cause());
    assertOne(Verdict.WARNING, "Clients are told to send media to 10.0.0.5", findings);
  }

  @Test
  void shouldWarnOfAClockThatNobodyKeeps() throws Exception {
    machine.clockIsKept = Optional.of(false);
    assertOne(Verdict.WARNING, "Nobody keeps the clock right", examine(Map.of()));
    machine.clockIsKept = Optional.empty();
    assertOne(Verdict.OK, "The system does not tell whether its clock", examine(Map.of()));
  }

  @Test
  void shouldWarnWithoutARelayAndSeeItsPorts() throws Exception {
    Map<String, String> none = Map.of("PARLEY_TURN_SECRET", "");
    assertOne(Verdict.WARNING, "No relay runs: turn.secret is empty", examine(none));
    assertEquals(0, examine(none).stream().filter(f -> f.title().contains("(turn.port)")).count());
    machine.takenUdp.add(3478);
    List<Finding> findings = examine(Map.of());
    assertOne(Verdict.OK, "The relay's secret is set", findings);
    assertOne(Verdict.PROBLEM, "UDP 0.0.0.0:3478 (turn.port) cannot be used", findings);
    assertOne(Verdict.OK, "TCP 0.0.0.0:3478 (turn.port) is free", findings);
  }

  @Test
  void shouldWatchARunningServer(@TempDir Path folder) throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    TestCertificate.write(folder, "parley.test");
    Map<String, String> env =
        Map.of(
            "PARLEY_AUTH_SECRET",
            SECRET,
            "PARLEY_TURN_SECRET",
            SECRET,
            "PARLEY_HTTPS_CERTIFICATE_FILE",
            certificate.toString(),
            "PARLEY_HTTPS_KEY_FILE",
            key.toString());
    machine.now = Instant.now();
    List<InetAddress> announced = new ArrayList<>(machine.addresses);
    Deque<Runnable> later = new ArrayDeque<>();
    try (HealthWatch watch =
        new HealthWatch(
            new Doctor(machine),
            ConfigLoader.load(Optional.empty(), env, false),
            () -> announced,
            later::add)) {
      assertEquals(MediaServer.Readiness.READY, watch.readiness());
      announced.set(0, InetAddress.ofLiteral("192.168.0.5"));
      machine.now = Instant.now().plus(Duration.ofDays(21));
      machine.clockIsKept = Optional.of(false);
      later.remove().run();
      assertEquals(List.of(), watch.readiness().reasons());
      assertEquals(3, watch.readiness().warnings().size(), watch.readiness()::toString);
      machine.now = Instant.now().plus(Duration.ofDays(31));
      later.remove().run();
      assertTrue(
          watch.readiness().reasons().getFirst().contains("has ended"),
          watch.readiness()::toString);
      machine.now = Instant.now();
      Files.writeString(certificate, "half of a new on");
      announced.clear();
      later.remove().run();
      assertEquals(List.of(), watch.readiness().reasons(), "the one that was read goes on");
      assertTrue(
          watch.readiness().warnings().stream().anyMatch(w -> w.contains("cannot be used")),
          watch.readiness()::toString);
    }
    later.remove().run();
    assertTrue(later.isEmpty(), "closed");
  }

  @Test
  void shouldOnlyWarnOfTheRelaysCertificateWhileCallsGoOn(@TempDir Path folder) throws Exception {
    TestCertificate.write(folder, "relay.test");
    Map<String, String> env =
        Map.of(
            "PARLEY_AUTH_SECRET",
            SECRET,
            "PARLEY_TURN_SECRET",
            SECRET,
            "PARLEY_TURN_TLS_PORT",
            "5349",
            "PARLEY_TURN_CERTIFICATE_FILE",
            folder.resolve("cert.pem").toString(),
            "PARLEY_TURN_KEY_FILE",
            folder.resolve("key.pem").toString());
    machine.now = Instant.now().plus(Duration.ofDays(31));
    ParleyConfig config = ConfigLoader.load(Optional.empty(), env, false);
    Doctor doctor = new Doctor(machine);
    String ended = "The certificate of CN=relay.test has ended";
    assertOne(Verdict.PROBLEM, ended, doctor.examine(config));
    assertOne(Verdict.WARNING, ended, doctor.examineRunning(config, machine.addresses));
  }

  @Test
  void shouldRefuseToAnnounceNothing() throws Exception {
    machine.addresses = List.of(InetAddress.ofLiteral("127.0.0.1"));
    assertOne(Verdict.PROBLEM, "There is no address to announce", examine(Map.of()));
  }

  @Test
  void shouldCompareOpenFilesWithTheConnectionsAllowed() throws Exception {
    machine.openFiles = 1024;
    assertOne(Verdict.PROBLEM, "Only 1024 open files are allowed, 21300", examine(Map.of()));
  }

  @Test
  void shouldWarnOfTheSampleSecretUnderDev() throws Exception {
    ParleyConfig config = ConfigLoader.load(Optional.empty(), Map.of(), true);
    assertOne(
        Verdict.WARNING,
        "The token secret is the public sample value",
        new Doctor(machine).examine(config));
  }

  @Test
  void shouldReportEachProblemOfTheConfiguration() {
    List<Finding> findings =
        new Doctor(machine).examine(List.of(new ConfigProblem("parley.conf:3", "x is unknown")));
    Finding finding = assertOne(Verdict.PROBLEM, "Configuration: x is unknown", findings);
    assertEquals("parley.conf:3", finding.cause());
  }

  @Test
  void shouldSeeWhenTheCertificateEnds(@TempDir Path folder) throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    TestCertificate.write(folder, "parley.test");
    Map<String, String> https =
        Map.of(
            "PARLEY_HTTPS_CERTIFICATE_FILE", certificate.toString(),
            "PARLEY_HTTPS_KEY_FILE", key.toString());
    machine.now = Instant.now();
    assertOne(Verdict.OK, "The certificate of CN=parley.test is valid for", examine(https));
    assertOne(Verdict.OK, "TCP 0.0.0.0:8443 (https.port)", examine(https));
    machine.now = Instant.now().plus(Duration.ofDays(20));
    assertOne(Verdict.WARNING, "The certificate of CN=parley.test ends in", examine(https));
    machine.now = Instant.now().plus(Duration.ofDays(31));
    assertOne(Verdict.PROBLEM, "The certificate of CN=parley.test has ended", examine(https));
  }

  @Test
  void shouldSeePortsOfThisMachine() throws IOException {
    ThisMachine here = new ThisMachine();
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      tcp.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      assertTrue(here.tcpBindFailure("127.0.0.1", tcp.getLocalPort()).isPresent());
      assertTrue(here.udpBindFailure("127.0.0.1", udp.getLocalPort()).isPresent());
    }
    assertEquals(Optional.empty(), here.tcpBindFailure("127.0.0.1", 0));
    assertEquals(Optional.empty(), here.udpBindFailure("127.0.0.1", 0));
    assertTrue(here.libraryFailure("libno-such-library.so.9").isPresent());
    assertEquals(OptionalLong.empty(), here.kernelSetting("net.core.no_such_setting"));
    assertTrue(here.kernelSetting("net.ipv4.ip_default_ttl").orElse(64) >= 1);
    assertTrue(here.kernelSetting("kernel.pid_max").orElse(32_768) > 300, "read in one piece");
  }

  private List<Finding> examine(Map<String, String> environment) throws Exception {
    Map<String, String> env = new HashMap<>();
    env.put("PARLEY_TURN_SECRET", SECRET);
    env.putAll(environment);
    env.put("PARLEY_AUTH_SECRET", SECRET);
    env.put("PARLEY_MEDIA_WORKERS", "2");
    return new Doctor(machine).examine(ConfigLoader.load(Optional.empty(), env, false));
  }

  private static Finding assertOne(Verdict verdict, String title, List<Finding> findings) {
    List<Finding> matching =
        findings.stream()
            .filter(f -> f.verdict() == verdict && f.title().startsWith(title))
            .toList();
    assertEquals(1, matching.size(), findings.toString());
    return matching.getFirst();
  }

  /** A machine on which all is well until a test changes it. */
  private static final class FakeMachine implements Machine {
    private Instant now = Instant.parse("2026-06-01T00:00:00Z");
    private int jdk = 25;
    private Optional<String> epollFailure = Optional.empty();
    private final Set<String> missingLibraries = new HashSet<>();
    private final Map<String, Long> kernel = new HashMap<>();
    private final Set<Integer> takenTcp = new HashSet<>();
    private final Set<Integer> takenUdp = new HashSet<>();
    private List<InetAddress> addresses = List.of(InetAddress.ofLiteral("203.0.113.5"));
    private long openFiles = 100_000;
    private boolean healthy;
    private Optional<Boolean> clockIsKept = Optional.of(true);
    private Looked looked = new Looked(List.of(), List.of());

    @Override
    public int jdkFeature() {
      return jdk;
    }

    @Override
    public String jdkVersion() {
      return jdk + "-test";
    }

    @Override
    public Optional<String> epollFailure() {
      return epollFailure;
    }

    @Override
    public Optional<String> libraryFailure(String name) {
      return missingLibraries.contains(name) ? Optional.of("not found") : Optional.empty();
    }

    @Override
    public OptionalLong kernelSetting(String name) {
      return OptionalLong.of(kernel.getOrDefault(name, 1L << 30));
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public OptionalLong maxOpenFiles() {
      return OptionalLong.of(openFiles);
    }

    @Override
    public Optional<Boolean> clockIsKept() {
      return clockIsKept;
    }

    @Override
    public Looked lookUp(AddressLookup lookup) {
      return looked;
    }

    @Override
    public List<InetAddress> interfaceAddresses() {
      return addresses;
    }

    @Override
    public Optional<String> tcpBindFailure(String host, int port) {
      return takenTcp.contains(port) ? Optional.of("in use") : Optional.empty();
    }

    @Override
    public Optional<String> udpBindFailure(String host, int port) {
      return takenUdp.contains(port) ? Optional.of("in use") : Optional.empty();
    }

    @Override
    public boolean answersHealth(String host, int port) {
      return healthy;
    }
  }
}
