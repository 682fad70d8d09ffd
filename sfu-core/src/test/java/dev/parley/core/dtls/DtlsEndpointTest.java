package dev.parley.core.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.DropReason;
import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcRSAContentSignerBuilder;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsEndpointTest {
  private static final HandshakeExecutor EXECUTOR = new HandshakeExecutor(8, 1000);
  private static final DtlsIdentity CLIENT = DtlsIdentity.generate();
  private static final DtlsIdentity SERVER = DtlsIdentity.generate();
  private static final List<SrtpProfile> ALL = List.of(SrtpProfile.values());
  private static final DtlsLink.Loss NONE = (fromClient, number, datagram) -> false;

  @AfterAll
  static void stop() {
    EXECUTOR.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldAgreeOnKeysForEachProfile(SrtpProfile profile) throws Exception {
    try (DtlsLink link = link(CLIENT, List.of(profile), ALL, NONE)) {
      link.connect();
      SrtpKeys client = keys(link.clientSide);
      SrtpKeys server = keys(link.serverSide);
      assertEquals(profile, server.profile());
      assertEquals(profile, client.profile());
      assertArrayEquals(client.clientKey(), server.clientKey());
      assertArrayEquals(client.serverKey(), server.serverKey());
      assertArrayEquals(client.clientSalt(), server.clientSalt());
      assertArrayEquals(client.serverSalt(), server.serverSalt());
      assertFalse(java.util.Arrays.equals(client.clientKey(), client.serverKey()));
    }
  }

  @Test
  void shouldPickTheServersFirstChoice() throws Exception {
    List<SrtpProfile> asChromium =
        List.of(
            SrtpProfile.AES_CM_128_HMAC_SHA1_80,
            SrtpProfile.AEAD_AES_256_GCM,
            SrtpProfile.AEAD_AES_128_GCM);
    try (DtlsLink link = link(CLIENT, asChromium, ALL, NONE)) {
      link.connect();
      assertEquals(SrtpProfile.AEAD_AES_128_GCM, keys(link.serverSide).profile());
    }
  }

  @Test
  void shouldFailWithoutACommonProfile() throws Exception {
    try (DtlsLink link =
        link(
            CLIENT,
            List.of(SrtpProfile.AEAD_AES_256_GCM),
            List.of(SrtpProfile.AEAD_AES_128_GCM),
            NONE)) {
      link.connect();
      assertEquals(DtlsEndpoint.Failure.NO_SRTP_PROFILE, link.serverSide.failure);
      assertEquals(DtlsEndpoint.Failure.ALERT, link.clientSide.failure);
      assertTrue(link.clientSide.message.contains("handshake_failure"), link.clientSide.message);
    }
  }

  @Test
  void shouldRefuseAClientWithAnotherCertificate() throws Exception {
    try (DtlsLink link =
        new DtlsLink(
            EXECUTOR,
            DtlsIdentity.generate(),
            SERVER,
            SERVER.sha256(),
            CLIENT.sha256(),
            ALL,
            ALL,
            NONE,
            new LinkedBlockingQueue<>())) {
      link.connect();
      assertEquals(DtlsEndpoint.Failure.FINGERPRINT_MISMATCH, link.serverSide.failure);
      assertEquals(DtlsEndpoint.Failure.ALERT, link.clientSide.failure);
      assertTrue(link.clientSide.message.contains("bad_certificate"), link.clientSide.message);
    }
  }

  @Test
  void shouldRefuseAServerWithAnotherCertificate() throws Exception {
    try (DtlsLink link =
        new DtlsLink(
            EXECUTOR,
            CLIENT,
            DtlsIdentity.generate(),
            SERVER.sha256(),
            CLIENT.sha256(),
            ALL,
            ALL,
            NONE,
            new LinkedBlockingQueue<>())) {
      link.connect();
      assertEquals(DtlsEndpoint.Failure.FINGERPRINT_MISMATCH, link.clientSide.failure);
      assertEquals(DtlsEndpoint.Failure.ALERT, link.serverSide.failure);
    }
  }

  @Test
  void shouldAcceptAnRsaCertificate() throws Exception {
    DtlsIdentity rsa = rsaIdentity();
    try (DtlsLink link =
        new DtlsLink(
            EXECUTOR,
            rsa,
            SERVER,
            SERVER.sha256(),
            rsa.sha256(),
            ALL,
            ALL,
            NONE,
            new LinkedBlockingQueue<>())) {
      link.connect();
      keys(link.serverSide);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha-256", "SHA-384", "sha-512"})
  void shouldMatchFingerprintsOfEachStrongHash(String algorithm) {
    byte[] der = {1, 2, 3};
    DtlsFingerprint fingerprint = DtlsFingerprint.of(algorithm, der);
    assertTrue(fingerprint.matches(der));
    assertTrue(
        new DtlsFingerprint(algorithm, fingerprint.value().toLowerCase(java.util.Locale.ROOT))
            .matches(der));
    assertFalse(fingerprint.matches(new byte[] {1, 2, 4}));
    assertFalse(new DtlsFingerprint("sha-1", fingerprint.value()).matches(der));
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "true, 1", "false, 0", "false, 1", "true, 2", "false, 2"})
  void shouldSurviveTheLossOfOneDatagram(boolean fromClient, int number) throws Exception {
    DtlsLink.Loss loss = (from, n, datagram) -> from == fromClient && n == number;
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, loss)) {
      link.connect();
      assertArrayEquals(keys(link.clientSide).clientKey(), keys(link.serverSide).clientKey());
    }
  }

  @Test
  void shouldRepeatItsLastFlightAfterTheHandshake() throws Exception {
    // The server is connected and keeps no thread; its Finished is lost twice.
    DtlsLink.Loss loss = (fromClient, n, datagram) -> !fromClient && (n == 1 || n == 2);
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, loss)) {
      link.client.start();
      link.runUntil(() -> link.serverSide.keys != null);
      assertNull(link.clientSide.keys);
      link.runUntil(() -> link.clientSide.keys != null);
    }
  }

  @Test
  void shouldCarryDataAndTheGoodbye() throws Exception {
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, NONE)) {
      link.connect();
      byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
      assertEquals(DropReason.TRUNCATED, link.client.handle(hello, 0, hello.length));
      assertTrue(link.client.sendData(hello, 0, hello.length));
      assertTrue(link.server.sendData(hello, 1, 3));
      assertArrayEquals(hello, link.serverSide.data.get(0));
      assertArrayEquals(new byte[] {'e', 'l', 'l'}, link.clientSide.data.get(0));
      link.server.close();
      assertTrue(link.clientSide.closed);
      assertFalse(link.serverSide.closed);
      assertFalse(link.client.sendData(hello, 0, hello.length));
      assertEquals(DropReason.DTLS_UNEXPECTED, link.client.handle(new byte[13], 0, 13));
    }
  }

  @Test
  void shouldIgnoreGarbageBeforeDuringAndAfterTheHandshake() throws Exception {
    Random random = new Random(11);
    DtlsLink[] holder = new DtlsLink[1];
    DtlsLink.Loss garbage =
        (fromClient, n, datagram) -> {
          for (int i = 0; i < 5; i++) {
            byte[] noise = datagram.clone();
            for (int k = 0; k < 6; k++) {
              // Beyond the first record's header, so that the content is wrong and not the flight.
              noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            noise[3] = 7; // an epoch that never comes
            (fromClient ? holder[0].server : holder[0].client).handle(noise, 0, noise.length);
          }
          byte[] random20 = new byte[20 + random.nextInt(40)];
          random.nextBytes(random20);
          random20[0] = (byte) (20 + random.nextInt(44));
          (fromClient ? holder[0].server : holder[0].client).handle(random20, 0, random20.length);
          return false;
        };
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, garbage)) {
      holder[0] = link;
      link.connect();
      keys(link.serverSide);
      for (int i = 0; i < 2000; i++) {
        byte[] noise = new byte[13 + random.nextInt(200)];
        random.nextBytes(noise);
        noise[0] = 23;
        noise[1] = (byte) 0xfe;
        noise[2] = (byte) 0xfd;
        assertNull(link.server.handle(noise, 0, noise.length));
      }
      byte[] hello = {1};
      assertTrue(link.client.sendData(hello, 0, 1));
      assertEquals(1, link.serverSide.data.size());
    }
  }

  @Test
  void shouldBoundTheQueueOfAHandshake() throws Exception {
    byte[][] hello = new byte[1][];
    DtlsLink.Loss keep =
        (fromClient, n, datagram) -> {
          hello[0] = datagram;
          return true;
        };
    try (HandshakeExecutor one = new HandshakeExecutor(1, 1);
        DtlsLink first = new DtlsLink(one, CLIENT, SERVER, keep);
        DtlsLink second = new DtlsLink(one, CLIENT, SERVER, NONE);
        DtlsLink third = new DtlsLink(one, CLIENT, SERVER, NONE)) {
      first.client.start();
      first.runUntil(() -> hello[0] != null);
      byte[] b = hello[0];
      // The client's handshake holds the only place: the second waits, the third is turned away.
      assertNull(second.server.handle(b, 0, b.length));
      assertEquals(DropReason.DTLS_BUSY, third.server.handle(b, 0, b.length));
      int taken = 1;
      while (second.server.handle(b, 0, b.length) == null) {
        taken++;
      }
      assertEquals(32, taken);
      assertEquals(DropReason.DTLS_FLOOD, second.server.handle(b, 0, b.length));
      first.client.close();
      second.runUntil(() -> second.serverSide.sent > 0);
      assertNull(second.serverSide.failure, "its ClientHello had waited");
    }
  }

  @Test
  void shouldGiveThePlaceOfASilentClientToAnotherOne() throws Exception {
    DtlsLink.Loss deaf = (fromClient, n, datagram) -> !fromClient;
    long patienceNanos = 100_000_000;
    try (HandshakeExecutor servers = new HandshakeExecutor(1, 1, patienceNanos);
        DtlsLink silent = pair(EXECUTOR, servers, new LinkedBlockingQueue<>(), deaf);
        DtlsLink waiting = pair(EXECUTOR, servers, new LinkedBlockingQueue<>(), NONE)) {
      silent.client.start();
      silent.runUntil(() -> silent.serverSide.sent > 0);
      silent.client.close();
      assertFalse(servers.wantsPlaceBack(Long.MAX_VALUE), "nobody waits for it");
      waiting.connect();
      keys(waiting.serverSide);
      silent.runUntil(() -> silent.serverSide.failure != null);
      assertEquals(DtlsEndpoint.Failure.TIMEOUT, silent.serverSide.failure);
      assertTrue(
          silent.serverSide.message.contains("while others wait"), silent.serverSide.message);
    }
  }

  @Test
  void shouldNotBeginForAnythingButAClientHello() {
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, NONE)) {
      byte[] b = new byte[60];
      b[0] = 22;
      b[13] = 2;
      assertEquals(DropReason.DTLS_UNEXPECTED, link.server.handle(b, 0, b.length));
      assertEquals(DropReason.DTLS_UNEXPECTED, link.server.handle(b, 0, 20));
      assertEquals(DropReason.TRUNCATED, link.server.handle(b, 0, 0));
    }
  }

  @Test
  void shouldCallNobodyBackAfterClose() throws Exception {
    DtlsLink.Loss all = (fromClient, n, datagram) -> true;
    try (DtlsLink link = new DtlsLink(EXECUTOR, CLIENT, SERVER, all)) {
      link.client.start();
      link.runUntil(() -> link.clientSide.sent > 0);
      int sent = link.clientSide.sent;
      link.client.close();
      // The handshake's thread gives up and reports; nothing of it may come through.
      Runnable last = link.tasks.poll(5, java.util.concurrent.TimeUnit.SECONDS);
      if (last != null) {
        last.run();
      }
      assertNull(link.clientSide.failure);
      assertEquals(sent, link.clientSide.sent);
    }
  }

  @Test
  void shouldCompleteTwoHundredHandshakesAtOnce() throws Exception {
    LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    List<DtlsLink> links = new ArrayList<>();
    // Clients and servers apart: clients that hold all places would starve their servers.
    try (HandshakeExecutor clients = new HandshakeExecutor(200, 0);
        HandshakeExecutor servers = new HandshakeExecutor(16, 200)) {
      for (int i = 0; i < 200; i++) {
        links.add(pair(clients, servers, tasks));
      }
      links.forEach(link -> link.client.start());
      links
          .get(0)
          .runUntil(
              () -> links.stream().allMatch(l -> l.clientSide.isOver() && l.serverSide.isOver()));
      for (DtlsLink link : links) {
        assertArrayEquals(keys(link.clientSide).serverSalt(), keys(link.serverSide).serverSalt());
        link.close();
      }
    }
  }

  @Test
  void shouldWarmUp() {
    assertTrue(DtlsWarmup.run(EXECUTOR, 2));
  }

  @Test
  void shouldNameItsCertificate() {
    assertTrue(SERVER.fingerprint().matches("([0-9A-F]{2}:){31}[0-9A-F]{2}"), SERVER.fingerprint());
    assertEquals("sha-256", SERVER.sha256().algorithm());
  }

  private static DtlsLink link(
      DtlsIdentity client,
      List<SrtpProfile> offers,
      List<SrtpProfile> accepts,
      DtlsLink.Loss loss) {
    return new DtlsLink(
        EXECUTOR,
        client,
        SERVER,
        SERVER.sha256(),
        client.sha256(),
        offers,
        accepts,
        loss,
        new LinkedBlockingQueue<>());
  }

  private static DtlsLink pair(
      HandshakeExecutor clients, HandshakeExecutor servers, LinkedBlockingQueue<Runnable> tasks) {
    return pair(clients, servers, tasks, NONE);
  }

  private static DtlsLink pair(
      HandshakeExecutor clients,
      HandshakeExecutor servers,
      LinkedBlockingQueue<Runnable> tasks,
      DtlsLink.Loss loss) {
    return new DtlsLink(clients, servers, CLIENT, SERVER, loss, tasks);
  }

  private static SrtpKeys keys(DtlsLink.Side side) {
    assertNull(side.failure, side.message);
    SrtpKeys keys = side.keys;
    assertNotNull(keys);
    return keys;
  }

  private static DtlsIdentity rsaIdentity() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    AsymmetricKeyParameter privateKey = PrivateKeyFactory.createKey(pair.getPrivate().getEncoded());
    var algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withRSA");
    X500Name name = new X500Name("CN=rsa");
    byte[] der =
        new BcX509v3CertificateBuilder(
                name,
                BigInteger.TEN,
                Date.from(java.time.Instant.EPOCH),
                Date.from(java.time.Instant.ofEpochSecond(4_000_000_000L)),
                name,
                PublicKeyFactory.createKey(pair.getPublic().getEncoded()))
            .build(
                new BcRSAContentSignerBuilder(
                        algorithm, new DefaultDigestAlgorithmIdentifierFinder().find(algorithm))
                    .build(privateKey))
            .getEncoded();
    return new DtlsIdentity(privateKey, SignatureAlgorithm.rsa, der);
  }
}
