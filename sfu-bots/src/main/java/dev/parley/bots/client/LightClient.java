package dev.parley.bots.client;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.bwe.ArrivalRecorder;
import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.MediaDescription;
import dev.parley.core.sdp.OfferParameters;
import dev.parley.core.sdp.SdpOfferWriter;
import dev.parley.core.sdp.SdpReader;
import dev.parley.core.sdp.SessionDescription;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One participant of a room: publishes what its plan says and counts what it is sent. Owner's
 * thread only, except {@link #reached}, whose futures complete on the owner's thread.
 */
public final class LightClient implements ClientTransport.Inbound, RtcpReader.Visitor {
  /**
   * What a client does.
   *
   * @param sources what it publishes, a section each
   * @param audioSlots and {@code videoSlots} it offers to receive in
   * @param decryptOneIn of the received packets; 1 decrypts all, 0 only what the first whole key
   *     frame needs
   */
  public record Plan(List<RtpSource> sources, int audioSlots, int videoSlots, int decryptOneIn) {
    public Plan {
      sources = List.copyOf(sources);
    }

    public static Plan publisher(RtpSource... sources) {
      return new Plan(List.of(sources), 0, 0, 1);
    }

    /** A viewer of one voice and one picture, as WHEP players are. */
    public static Plan viewer(int decryptOneIn) {
      return new Plan(List.of(), 1, 1, decryptOneIn);
    }
  }

  private static final long REPORT_NANOS = 1_000_000_000;

  /** As libwebrtc waits for a frame it can decode. */
  private static final long KEY_FRAME_PATIENCE_NANOS = 200_000_000;

  private static final int PACKET_BYTES = 2048;

  /** So that a source which is far behind does not keep the others waiting. */
  private static final int PACKETS_A_TURN = 64;

  private final String participantId;
  private final Plan plan;
  private final Signaling signaling;
  private final ClientTransport.Surroundings surroundings;
  private final DatagramSink sink;
  private final IceCredentials credentials = IceCredentials.random();
  private final Map<JoinPhase, CompletableFuture<Long>> reached = new EnumMap<>(JoinPhase.class);
  private final Map<Integer, ReceivedStream> streams = new HashMap<>();
  private final Map<Integer, Boolean> slotIsVideo = new HashMap<>();
  private final RtcpWriter writer = new RtcpWriter();
  private final RtpPacket packet = new RtpPacket();
  private final VideoPayload vp8 = VideoPayload.of(Codec.VP8, 0);
  private final byte[] outgoing = new byte[PACKET_BYTES];
  private final int rtcpSsrc = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
  private @Nullable ClientTransport transport;
  private @Nullable ReceivedStream lastStream;
  private Signaling.@Nullable Joined place;
  private @Nullable String failure;
  private long offerNanos;
  private long nextReportNanos = Long.MAX_VALUE;
  private long nextKeyFrameRequestNanos = Long.MAX_VALUE;
  private final ArrivalRecorder arrivals = new ArrivalRecorder();
  private long otherPackets;
  private long keyFrameRequests;
  private long sendRefusals;
  private boolean closed;

  /** The client does nothing before {@link #join}. */
  LightClient(
      String participantId,
      Plan plan,
      Signaling signaling,
      ClientTransport.Surroundings surroundings,
      DatagramSink sink) {
    this.participantId = participantId;
    this.plan = plan;
    this.signaling = signaling;
    this.surroundings = surroundings;
    this.sink = sink;
    for (JoinPhase phase : JoinPhase.values()) {
      reached.put(phase, new CompletableFuture<>());
    }
  }

  /** Sends the offer. */
  public void join(long nowNanos) {
    offerNanos = nowNanos;
    List<TrackPublication> tracks = new ArrayList<>();
    for (int i = 0; i < plan.sources().size(); i++) {
      RtpSource source = plan.sources().get(i);
      String trackId = participantId + "-" + source.trackSource().wireName();
      tracks.add(new TrackPublication(Integer.toString(i), trackId, source.trackSource(), false));
    }
    var unused =
        signaling
            .join(new Signaling.Offer(participantId, offer(), tracks))
            .whenComplete((joined, e) ->
                surroundings
                    .owner()
                    .execute(() -> onJoined(joined, e, surroundings.clock().getAsLong())));
  }

  /**
   * Asks the server for an ICE restart and checks with the new credentials. Any thread.
   *
   * @return completes on the owner's thread when the first check is due
   */
  public CompletableFuture<Boolean> restartIce() {
    IceCredentials fresh = IceCredentials.random();
    CompletableFuture<Boolean> restarted = new CompletableFuture<>();
    surroundings
        .owner()
        .execute(() -> {
          Signaling.Joined joined = place;
          ClientTransport open = transport;
          if (closed || joined == null || open == null) {
            restarted.completeExceptionally(
                new IllegalStateException(participantId + " is in no room"));
            return;
          }
          var unused =
              joined
                  .restartIce(fresh)
                  .whenComplete((remote, refusal) ->
                      surroundings
                          .owner()
                          .execute(() -> {
                            if (refusal != null) {
                              restarted.completeExceptionally(refusal);
                            } else {
                              open.restartIce(fresh, remote);
                              restarted.complete(true);
                            }
                          }));
        });
    return restarted;
  }

  /** The datagrams leave from another address from now on. */
  void addressChanged(long nowNanos) {
    ClientTransport open = transport;
    if (open != null) {
      open.addressChanged(nowNanos);
    }
  }

  private String offer() {
    LocalParameters local =
        new LocalParameters(
            credentials.ufrag(),
            credentials.pwd(),
            surroundings.identity().sha256().algorithm(),
            surroundings.identity().fingerprint(),
            List.of(),
            participantId,
            Long.toString(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE)),
            1);
    List<OfferParameters.SendSection> sends =
        plan.sources().stream()
            .map(s -> new OfferParameters.SendSection(s.kind(), s.ssrc() & 0xffff_ffffL))
            .toList();
    return SdpOfferWriter.write(
        OfferParameters.opusAndVp8WithRepair(local, sends, plan.audioSlots(), plan.videoSlots()));
  }

  private void onJoined(
      Signaling.@Nullable Joined joined, @Nullable Throwable refusal, long nowNanos) {
    if (joined == null) {
      onFailed("the server refused: " + (refusal == null ? "no reason" : refusal.getMessage()));
      return;
    }
    place = joined;
    if (closed) {
      joined.leave();
      return;
    }
    reach(JoinPhase.ANSWER, nowNanos);
    try {
      ClientTransport.Remote remote = readAnswer(joined.answerSdp());
      ClientTransport opened = new ClientTransport(credentials, remote, surroundings, sink, this);
      transport = opened;
      opened.start();
    } catch (RuntimeException e) {
      onFailed("the answer cannot be used: " + e.getMessage());
    }
  }

  private ClientTransport.Remote readAnswer(String sdp) {
    SessionDescription answer = SdpReader.read(sdp);
    for (MediaDescription media : answer.media()) {
      media.ssrcs().forEach(s -> slotIsVideo.put((int) s.ssrc(), media.kind() == MediaKind.VIDEO));
      media.ssrcGroups().stream()
          .filter(g -> g.semantics().equals("FID"))
          .forEach(g -> slotIsVideo.remove(g.ssrcs().getLast().intValue()));
    }
    MediaDescription tagged = answer.tagged().orElseThrow();
    Candidate.Transport transport =
        surroundings.tcp() ? Candidate.Transport.TCP : Candidate.Transport.UDP;
    List<InetSocketAddress> candidates =
        tagged.candidates().stream()
            .filter(c -> c.transport() == transport)
            .map(c -> new InetSocketAddress(c.address(), c.port()))
            .toList();
    InetSocketAddress server =
        CandidateChoice.of(candidates, surroundings.loopback(), surroundings.hasRoute())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "it has no " + transport + " candidate in reach, only " + candidates));
    return new ClientTransport.Remote(
        new IceCredentials(tagged.iceUfrag().orElseThrow(), tagged.icePwd().orElseThrow()),
        tagged.fingerprints().stream()
            .map(f -> new DtlsFingerprint(f.algorithm(), f.value()))
            .toList(),
        PeerAddress.of(server));
  }

  /** Takes one datagram from the server. Borrows and may overwrite the bytes. */
  public void handleDatagram(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    ClientTransport open = transport;
    if (open != null) {
      open.handleDatagram(bytes, offset, lengthBytes, nowNanos);
    }
  }

  @Override
  public void onSrtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (packet.wrap(bytes, offset, lengthBytes)) {
      int at = packet.extension(RtpHeader.TRANSPORT_WIDE_ID);
      if (at >= 0) {
        arrivals.onPacket(number(bytes, at >>> 8, 2), nowNanos);
      }
    }
    int ssrc = number(bytes, offset + 8, 4);
    if (!slotIsVideo.containsKey(ssrc)) {
      // Repetitions and probes: this client plays nothing that they could mend.
      otherPackets++;
      return;
    }
    ReceivedStream stream = lastStream;
    if (stream == null || stream.ssrc() != ssrc) {
      stream = streams.get(ssrc);
      if (stream == null) {
        stream = new ReceivedStream(ssrc, slotIsVideo.getOrDefault(ssrc, false));
        streams.put(ssrc, stream);
        reach(JoinPhase.FIRST_PACKET, nowNanos);
        if (stream.wantsKeyFrame()) {
          nextKeyFrameRequestNanos = nowNanos + KEY_FRAME_PATIENCE_NANOS;
        }
      }
      lastStream = stream;
    }
    int csrc = (bytes[offset] & 0xf) == 0 ? 0 : number(bytes, offset + 12, 4);
    stream.onPacket(number(bytes, offset + 2, 2), csrc, lengthBytes);
    int oneIn = plan.decryptOneIn();
    boolean sampled = oneIn > 0 && stream.packets() % oneIn == 0;
    if (sampled || stream.wantsKeyFrame()) {
      read(stream, bytes, offset, lengthBytes, nowNanos);
    }
  }

  private void read(
      ReceivedStream stream, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    ClientTransport open = transport;
    int plain = open == null ? -1 : open.unprotect(bytes, offset, lengthBytes);
    if (plain < 0 || !packet.wrap(bytes, offset, plain)) {
      stream.onUndecryptable();
    } else if (stream.onPlain(packet, vp8)) {
      reach(JoinPhase.FIRST_KEY_FRAME, nowNanos);
    }
  }

  private static int number(byte[] b, int at, int bytes) {
    int n = 0;
    for (int i = 0; i < bytes; i++) {
      n = n << 8 | (b[at + i] & 0xff);
    }
    return n;
  }

  @Override
  public void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    // What is broken in a compound packet says nothing about the part before it.
    var unused = RtcpReader.read(bytes, offset, lengthBytes, this, nowNanos);
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    // Nothing is played, so nothing has to be kept in step.
  }

  @Override
  public void onReportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int highestSequence,
      int jitter,
      int lastSr,
      int delaySinceLastSr,
      long nowNanos) {
    // The server's own counters tell of loss on the way to it.
  }

  @Override
  public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
    for (RtpSource source : plan.sources()) {
      if (source.ssrc() == mediaSsrc) {
        keyFrameRequests++;
        source.onKeyFrameRequest(nowNanos);
      }
    }
    sendDue(nowNanos);
  }

  @Override
  public void onIceConnected(long nowNanos) {
    reach(JoinPhase.ICE, nowNanos);
  }

  @Override
  public void onConnected(long nowNanos) {
    reach(JoinPhase.DTLS, nowNanos);
    nextReportNanos = nowNanos + REPORT_NANOS;
    for (RtpSource source : plan.sources()) {
      source.start(nowNanos);
    }
    sendDue(nowNanos);
  }

  @Override
  public void onFailed(String reason) {
    if (failure == null) {
      failure = reason;
    }
    IllegalStateException cause = new IllegalStateException(participantId + ": " + reason);
    reached.values().forEach(f -> f.completeExceptionally(cause));
    close();
  }

  private void reach(JoinPhase phase, long nowNanos) {
    CompletableFuture<Long> future = reached.get(phase);
    if (future != null && !future.isDone()) {
      future.complete(nowNanos - offerNanos);
    }
  }

  /** When {@link #handleTimeout} has something to do; {@code Long.MAX_VALUE}: never. */
  public long nextTimeoutNanos() {
    ClientTransport open = transport;
    if (closed || open == null) {
      return Long.MAX_VALUE;
    }
    long next =
        Math.min(open.nextTimeoutNanos(), Math.min(nextReportNanos, nextKeyFrameRequestNanos));
    next = Math.min(next, arrivals.nextTimeoutNanos());
    for (RtpSource source : plan.sources()) {
      next = Math.min(next, source.nextTimeoutNanos());
    }
    return next;
  }

  public void handleTimeout(long nowNanos) {
    ClientTransport open = transport;
    if (closed || open == null) {
      return;
    }
    open.handleTimeout(nowNanos);
    sendDue(nowNanos);
    if (nowNanos >= nextKeyFrameRequestNanos) {
      boolean wanted = streams.values().stream().anyMatch(ReceivedStream::wantsKeyFrame);
      nextKeyFrameRequestNanos = wanted ? nowNanos + KEY_FRAME_PATIENCE_NANOS : Long.MAX_VALUE;
      if (wanted) {
        requestKeyFrame();
      }
    }
    if (open.connected() && nowNanos >= arrivals.nextTimeoutNanos()) {
      sendArrivals(open, nowNanos);
    }
    if (open.connected() && nowNanos >= nextReportNanos) {
      nextReportNanos = nowNanos + REPORT_NANOS;
      sendReports(open, nowNanos);
    }
  }

  private void sendDue(long nowNanos) {
    ClientTransport open = transport;
    if (open == null || !open.connected()) {
      return;
    }
    for (int i = 0; i < plan.sources().size(); i++) {
      RtpSource source = plan.sources().get(i);
      String mid = Integer.toString(i);
      for (int turn = 0; turn < PACKETS_A_TURN; turn++) {
        int length = source.poll(outgoing, mid, nowNanos);
        if (length == 0) {
          break;
        }
        if (!open.sendRtp(outgoing, length)) {
          sendRefusals++;
        }
      }
    }
  }

  /** Transport-wide feedback, as browsers send it. */
  private void sendArrivals(ClientTransport open, long nowNanos) {
    writer.clear();
    writer.addReceiverReport(rtcpSsrc);
    writer.addCname(rtcpSsrc, participantId);
    int bytes =
        arrivals.write(
            writer.bytes(), writer.length(), writer.freeBytes(), rtcpSsrc, rtcpSsrc, nowNanos);
    if (bytes > 0) {
      writer.append(bytes);
      open.sendRtcp(writer);
    }
  }

  private void sendReports(ClientTransport open, long nowNanos) {
    writer.clear();
    // RFC 3550 section 6.4.1 takes the time since the system's start as well.
    long ntp = NtpTime.ofUnixNanos(nowNanos);
    for (RtpSource source : plan.sources()) {
      if (source.packets() > 0) {
        writer.addSenderReport(
            source.ssrc(),
            ntp,
            source.timestampAt(nowNanos),
            source.packets(),
            source.payloadBytes());
      }
    }
    if (!streams.isEmpty()) {
      writer.addReceiverReport(rtcpSsrc);
      for (ReceivedStream stream : streams.values()) {
        writer.addReportBlock(stream.ssrc(), 0, stream.lost(), stream.highest(), 0, 0, 0);
      }
    }
    if (writer.length() > 0) {
      writer.addCname(rtcpSsrc, participantId);
      open.sendRtcp(writer);
    }
  }

  /** Asks the server for a key frame of every picture. */
  public void requestKeyFrame() {
    ClientTransport open = transport;
    if (open == null) {
      return;
    }
    writer.clear();
    writer.addReceiverReport(rtcpSsrc);
    writer.addCname(rtcpSsrc, participantId);
    for (ReceivedStream stream : streams.values()) {
      if (stream.video()) {
        writer.addPli(rtcpSsrc, stream.ssrc());
      }
    }
    open.sendRtcp(writer);
  }

  /** Leaves the room. Idempotent. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    ClientTransport open = transport;
    if (open != null) {
      open.close();
    }
    Signaling.Joined joined = place;
    if (joined != null) {
      joined.leave();
    }
    if (failure == null) {
      failure = "closed";
      reached.values().forEach(f -> f.cancel(false));
    }
  }

  /**
   * When a phase was reached, in nanoseconds since the offer was sent. Fails when the client does,
   * and is cancelled when it is closed before. Any thread.
   */
  public CompletableFuture<Long> reached(JoinPhase phase) {
    CompletableFuture<Long> future = reached.get(phase);
    if (future == null) {
      throw new IllegalStateException("no future for " + phase);
    }
    return future;
  }

  public String participantId() {
    return participantId;
  }

  public Collection<ReceivedStream> streams() {
    return streams.values();
  }

  /** Of all streams. */
  public long packetsReceived() {
    return streams.values().stream().mapToLong(ReceivedStream::packets).sum();
  }

  /** Repetitions and probes. */
  public long otherPackets() {
    return otherPackets;
  }

  /** Of all streams, by gaps in the numbers. */
  public long packetsLost() {
    return streams.values().stream().mapToLong(ReceivedStream::lost).sum();
  }

  /** Of all sources. */
  public long packetsSent() {
    return plan.sources().stream().mapToLong(RtpSource::packets).sum() - sendRefusals;
  }

  /** Requests for key frames that the server has sent to this publisher. */
  public long keyFrameRequests() {
    return keyFrameRequests;
  }

  /** Handshake messages sent again, by either side. */
  public int handshakeRepeats() {
    ClientTransport open = transport;
    return open == null ? 0 : open.handshakeRepeats();
  }
}
