package dev.parley.core.server;

import dev.parley.core.address.AddressLookup;
import java.util.List;

/**
 * How the engine runs.
 *
 * @param workers how many; 0: one a core
 * @param bindAddress the local address of the UDP ports; {@code ::} or {@code 0.0.0.0} for all
 * @param firstUdpPort the port of worker 0, worker n has n more; 0: any free ports
 * @param announcedAddresses what answers carry as candidates; empty: the machine's own addresses,
 *     or the one that is bound to
 * @param addressLookup who is asked for more of them; what they say comes before the machine's own
 * @param announceLoopback whether loopback addresses are among the machine's own
 * @param io which event loop
 * @param receiveBufferBytes and {@code sendBufferBytes} of each socket; the system may give less
 * @param keyFrameIntervalMs the least time between two key-frame requests to one track
 * @param resumeGraceMs how long a session whose ICE consent expired may come back
 * @param maxHandshakes DTLS handshakes at a time
 * @param maxAudioSlots and {@code maxVideoSlots} a participant may offer
 * @param tcp for clients that UDP does not reach
 * @param participantsPerWorker of one room: when so many are on a worker, those who come next are
 *     on another one; 0: a room never leaves its worker
 * @param overload when a worker refuses newcomers and leaves video out
 */
public record MediaConfig(
    int workers,
    String bindAddress,
    int firstUdpPort,
    List<String> announcedAddresses,
    AddressLookup addressLookup,
    boolean announceLoopback,
    Io io,
    int receiveBufferBytes,
    int sendBufferBytes,
    int keyFrameIntervalMs,
    int iceConnectTimeoutMs,
    int iceConsentTimeoutMs,
    int resumeGraceMs,
    int maxHandshakes,
    int maxAudioSlots,
    int maxVideoSlots,
    Tcp tcp,
    int participantsPerWorker,
    OverloadLimits overload) {
  private static final int PARTICIPANTS_PER_WORKER = 150;

  /** Which event loop moves the datagrams. */
  public enum Io {
    /** Epoll where it is, else NIO. */
    AUTO,
    EPOLL,
    NIO
  }

  /**
   * The TCP ports, beside the UDP ports and at the same address.
   *
   * @param enabled whether there are any
   * @param firstPort the port of worker 0, worker n has n more; 0: any free ports
   * @param maxConnections of each port at a time
   * @param maxUnprovedPerAddress those that no session knows yet, from one IP address
   */
  public record Tcp(
      boolean enabled, int firstPort, int maxConnections, int maxUnprovedPerAddress) {}

  public MediaConfig {
    announcedAddresses = List.copyOf(announcedAddresses);
  }

  /** The same where nobody is asked for addresses, large rooms are spread, and load is let be. */
  public MediaConfig(
      int workers,
      String bindAddress,
      int firstUdpPort,
      List<String> announcedAddresses,
      boolean announceLoopback,
      Io io,
      int receiveBufferBytes,
      int sendBufferBytes,
      int keyFrameIntervalMs,
      int iceConnectTimeoutMs,
      int iceConsentTimeoutMs,
      int resumeGraceMs,
      int maxHandshakes,
      int maxAudioSlots,
      int maxVideoSlots,
      Tcp tcp) {
    this(
        workers,
        bindAddress,
        firstUdpPort,
        announcedAddresses,
        AddressLookup.NONE,
        announceLoopback,
        io,
        receiveBufferBytes,
        sendBufferBytes,
        keyFrameIntervalMs,
        iceConnectTimeoutMs,
        iceConsentTimeoutMs,
        resumeGraceMs,
        maxHandshakes,
        maxAudioSlots,
        maxVideoSlots,
        tcp,
        PARTICIPANTS_PER_WORKER,
        OverloadLimits.OFF);
  }

  /** The same with another number of participants to a worker. */
  public MediaConfig withParticipantsPerWorker(int number) {
    return with(workers, number, overload);
  }

  /** The same with other limits. */
  public MediaConfig overload(OverloadLimits limits) {
    return with(workers, participantsPerWorker, limits);
  }

  /** The same with another number of workers. */
  public MediaConfig withWorkers(int count) {
    return with(count, participantsPerWorker, overload);
  }

  private MediaConfig with(int count, int number, OverloadLimits limits) {
    return new MediaConfig(
        count,
        bindAddress,
        firstUdpPort,
        announcedAddresses,
        addressLookup,
        announceLoopback,
        io,
        receiveBufferBytes,
        sendBufferBytes,
        keyFrameIntervalMs,
        iceConnectTimeoutMs,
        iceConsentTimeoutMs,
        resumeGraceMs,
        maxHandshakes,
        maxAudioSlots,
        maxVideoSlots,
        tcp,
        number,
        limits);
  }

  /** What a test or an embedder starts from: one worker on loopback, any port. */
  public static MediaConfig loopback() {
    return new MediaConfig(
        1,
        "127.0.0.1",
        0,
        List.of("127.0.0.1"),
        true,
        Io.AUTO,
        4 << 20,
        4 << 20,
        500,
        15_000,
        30_000,
        60_000,
        64,
        8,
        49,
        new Tcp(true, 0, 10_000, 200));
  }
}
