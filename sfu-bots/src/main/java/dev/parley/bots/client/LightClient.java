package dev.parley.bots.client;

import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.sdp.Codec;
import dev.parley.core.sdp.LocalParameters;
import dev.parley.core.sdp.MediaDescription;
import dev.parley.core.sdp.OfferParameters;
import dev.parley.core.sdp.SdpOfferWriter;
import dev.parley.core.sdp.SdpReader;
import dev.parley.core.sdp.SessionDescription;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One participant of a room: publishes what its plan says and counts what it is sent. Owner's
 * thread only, except {@link #reached}, whose futures complete on the owner's thread.
 */
public final class LightClient
    implements ClientTransport.Inbound, RtcpReader.Visitor, Reception.Client {
  /**
   * What a client does.
   *
   * @param sources what it publishes, a section each
   * @param audioSlots and {@code videoSlots} it offers to receive in
   * @param decryptOneIn of the received packets; 1 decrypts all, 0 only what the first whole key
   *     frame needs
   * @param repairs whether it asks for what is missing and follows the pictures to the end; else
   *     the first whole key frame is all it looks for
   * @param stampKey of the run's stamps; see {@link Stamp}
   * @param format of what is sent; the other one is received as well
   */
  public record Plan(
      List<RtpSource> sources,
      int audioSlots,
      int videoSlots,
      int decryptOneIn,
      boolean repairs,
      int stampKey,
      VideoFormat format) {
    public Plan {
      sources = List.copyOf(sources);
    }

    /** Without repairs, and without stamps to read. */
    public Plan(List<RtpSource> sources, int audioSlots, int videoSlots, int decryptOneIn) {
      this(sources, audioSlots, videoSlots, decryptOneIn, false, 0, VideoFormat.VP8);
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

  private static final int PACKET_BYTES = 2048;
  private static final int VIDEO_CLOCK_RATE = 90_000;

  /** So that a source which is far behind does not keep the others waiting. */
  private static final int PACKETS_A_TURN = 64;

  private final String participantId;
  private final Plan plan;
  private final Signaling signaling;
  private final ClientTransport.Surroundings surroundings;
  private final DatagramSink sink;
  private final ClientIce.Source ices;
  private final IceCredentials credentials;
  private final Map<JoinPhase, CompletableFuture<Long>> reached = new EnumMap<>(JoinPhase.class);
  private final RtcpWriter writer = new RtcpWriter();
  private final byte[] outgoing = new byte[PACKET_BYTES];
  private final int rtcpSsrc = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
  private @Nullable ClientTransport transport;
  private Signaling.@Nullable Joined place;
  private @Nullable String failure;
  private long offerNanos;
  private long nextReportNanos = Long.MAX_VALUE;
  private final ClientEvents events;
  private final Reception reception;
  private long keyFrameRequests;
  private long sendRefusals;
  private final Set<Integer> muted = new HashSet<>();
  private boolean closed;

  /** The client does nothing before {@link #join}. */
  LightClient(
      String participantId,
      Plan plan,
      Signaling signaling,
      ClientTransport.Surroundings surroundings,
      DatagramSink sink,
      ClientIce.Source ices,
      ClientEvents events) {
    this.participantId = participantId;
    this.plan = plan;
    this.events = events;
    this.reception = new Reception(plan, events, this, rtcpSsrc, participantId);
    this.signaling = signaling;
    this.surroundings = surroundings;
    this.sink = sink;
    this.ices = ices;
    this.credentials = ices.draw();
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
      tracks.add(
          new TrackPublication(
              Integer.toString(i), trackId, source.trackSource(), muted.contains(i)));
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
    CompletableFuture<Boolean> restarted = new CompletableFuture<>();
    surroundings
        .owner()
        .execute(() -> {
          Signaling.Joined joined = place;
          ClientTransport open = transport;
          if (closed || open == null || !(joined instanceof Signaling.Restartable place)) {
            restarted.completeExceptionally(
                new IllegalStateException(
                    participantId + " is in no room where ICE can be restarted"));
            return;
          }
          IceCredentials fresh = ices.draw();
          var unused =
              place
                  .restartIce(fresh)
                  .whenComplete((remote, refusal) ->
                      surroundings
                          .owner()
                          .execute(() -> {
                            if (refusal != null) {
                              restarted.completeExceptionally(refusal);
                            } else {
                              checkAnew(open, fresh, remote, restarted);
                            }
                          }));
        });
    return restarted;
  }

  private void checkAnew(
      ClientTransport open,
      IceCredentials local,
      IceCredentials remote,
      CompletableFuture<Boolean> restarted) {
    if (closed) {
      restarted.cancel(false);
      return;
    }
    try {
      open.restartIce(local, remote);
      restarted.complete(true);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      restarted.completeExceptionally(e);
    }
  }

  /** The datagrams leave from another address from now on. */
  void addressChanged(long nowNanos) {
    ClientTransport open = transport;
    if (open != null && !open.addressChanged(nowNanos)) {
      var unused = restartIce();
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
        plan.sources().stream().map(RtpSource::section).toList();
    OfferParameters vp8 =
        OfferParameters.opusAndVp8WithRepair(local, sends, plan.audioSlots(), plan.videoSlots());
    if (!plan.repairs()) {
      return SdpOfferWriter.write(vp8);
    }
    Codec vp9 =
        new Codec(
            VideoFormat.VP9.payloadType(),
            "VP9",
            VIDEO_CLOCK_RATE,
            1,
            Map.of("profile-id", "0"),
            vp8.videoCodecs().getFirst().rtcpFeedback(),
            OptionalInt.of(VideoFormat.VP9.rtxPayloadType()));
    List<Codec> both =
        plan.format() == VideoFormat.VP9
            ? List.of(vp9, vp8.videoCodecs().getFirst())
            : List.of(vp8.videoCodecs().getFirst(), vp9);
    return SdpOfferWriter.write(
        new OfferParameters(
            local,
            sends,
            plan.audioSlots(),
            plan.videoSlots(),
            vp8.audioCodecs(),
            both,
            vp8.audioExtensions(),
            vp8.videoExtensions()));
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
      ClientTransport opened =
          new ClientTransport(ices, credentials, remote, surroundings, sink, this);
      transport = opened;
      opened.start();
    } catch (RuntimeException e) {
      onFailed("the answer cannot be used: " + e.getMessage());
    }
  }

  private ClientTransport.Remote readAnswer(String sdp) {
    SessionDescription answer = SdpReader.read(sdp);
    reception.slots(answer);
    MediaDescription tagged = answer.tagged().orElseThrow();
    return new ClientTransport.Remote(
        new ClientIce.Remote(
            new IceCredentials(tagged.iceUfrag().orElseThrow(), tagged.icePwd().orElseThrow()),
            tagged.candidates()),
        tagged.fingerprints().stream()
            .map(f -> new DtlsFingerprint(f.algorithm(), f.value()))
            .toList());
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
    reception.onSrtp(bytes, offset, lengthBytes, nowNanos);
  }

  @Override
  public int unprotect(byte[] bytes, int offset, int lengthBytes) {
    ClientTransport open = transport;
    return open == null ? -1 : open.unprotect(bytes, offset, lengthBytes);
  }

  @Override
  public void onFirstPacket(long nowNanos) {
    reach(JoinPhase.FIRST_PACKET, nowNanos);
  }

  @Override
  public void onFirstKeyFrame(long nowNanos) {
    reach(JoinPhase.FIRST_KEY_FRAME, nowNanos);
  }

  @Override
  public void sendFeedback(RtcpWriter feedback) {
    ClientTransport open = transport;
    if (open != null) {
      open.sendRtcp(feedback);
    }
  }

  @Override
  public void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    // What is broken in a compound packet says nothing about the part before it.
    var unused = RtcpReader.read(bytes, offset, lengthBytes, this, nowNanos);
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    reception.onSenderReport(ssrc, ntp, nowNanos);
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
      if (source.sends(mediaSsrc)) {
        keyFrameRequests++;
        source.onKeyFrameRequest(nowNanos);
      }
    }
    sendDue(nowNanos);
  }

  @Override
  public void onNack(int mediaSsrc, int sequence16, int followingMask, long nowNanos) {
    for (RtpSource source : plan.sources()) {
      if (source.sends(mediaSsrc)) {
        source.onNack(mediaSsrc, sequence16, followingMask, nowNanos);
      }
    }
  }

  @Override
  public void onIceConnected(long nowNanos) {
    reach(JoinPhase.ICE, nowNanos);
  }

  @Override
  public void onConnected(long nowNanos) {
    reach(JoinPhase.DTLS, nowNanos);
    nextReportNanos = nowNanos + REPORT_NANOS;
    for (int i = 0; i < plan.sources().size(); i++) {
      if (!muted.contains(i)) {
        plan.sources().get(i).start(nowNanos);
      }
    }
    sendDue(nowNanos);
  }

  /**
   * Stops or goes on with a source. What the room is told of it is the caller's business.
   *
   * @param index in the plan, which is the section's MID as well
   */
  public void mute(int index, boolean isMuted, long nowNanos) {
    RtpSource source = plan.sources().get(index);
    ClientTransport open = transport;
    if (isMuted && muted.add(index)) {
      source.pause();
    } else if (!isMuted && muted.remove(index) && open != null && open.connected()) {
      source.start(nowNanos);
    }
  }

  /** The encodings of a section that somebody watches; see {@link RtpSource#watched}. */
  public void onLayers(String mid, List<String> rids, long nowNanos) {
    for (int i = 0; i < plan.sources().size(); i++) {
      if (mid.equals(Integer.toString(i))) {
        plan.sources().get(i).watched(rids, nowNanos);
      }
    }
  }

  /** A slot shows somebody else, or nobody. */
  public void onSlotChange(String mid) {
    reception.onSlotChange(mid);
  }

  @Override
  public void onFailed(String reason) {
    if (failure == null) {
      failure = reason;
    }
    IllegalStateException cause = new IllegalStateException(participantId + ": " + reason);
    reached.values().forEach(f -> f.completeExceptionally(cause));
    boolean news = !closed;
    close();
    if (news) {
      events.onFailed(reason);
    }
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
    long next = Math.min(open.nextTimeoutNanos(), nextReportNanos);
    if (open.connected()) {
      next = Math.min(next, reception.nextTimeoutNanos());
    }
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
    if (open.connected()) {
      reception.handleTimeout(nowNanos);
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

  private void sendReports(ClientTransport open, long nowNanos) {
    writer.clear();
    // RFC 3550 section 6.4.1 takes the time since the system's start as well.
    long ntp = NtpTime.ofUnixNanos(nowNanos);
    plan.sources().forEach(source -> source.report(writer, ntp, nowNanos));
    reception.report(writer, nowNanos);
    if (writer.length() > 0) {
      writer.addCname(rtcpSsrc, participantId);
      open.sendRtcp(writer);
    }
  }

  /** Asks the server for a key frame of every picture. */
  public void requestKeyFrame() {
    reception.requestKeyFrames(false);
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
    return reception.streams();
  }

  /** Of all streams. */
  public long packetsReceived() {
    return streams().stream().mapToLong(ReceivedStream::packets).sum();
  }

  /** Repetitions and probes. */
  public long otherPackets() {
    return reception.otherPackets();
  }

  /** Packets whose SSRC the answer did not announce. */
  public long unknownSsrc() {
    return reception.unknownSsrc();
  }

  /** Requests for key frames to the server, one for each stream. */
  public long keyFramesAsked() {
    return reception.keyFrameRequests();
  }

  /** Packets sent again to the server, of all sources. */
  public long repeatsSent() {
    return plan.sources().stream().mapToLong(RtpSource::repeats).sum();
  }

  /** Of all streams, by gaps in the numbers. */
  public long packetsLost() {
    return streams().stream().mapToLong(ReceivedStream::lost).sum();
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
