package dev.parley.bots.client;

import dev.parley.core.api.MediaKind;
import dev.parley.core.bwe.ArrivalRecorder;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.sdp.MediaDescription;
import dev.parley.core.sdp.SessionDescription;
import dev.parley.core.sdp.SsrcInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What arrives at a client, by SSRC: it is counted, a sample is decrypted, what is missing is asked
 * for, and so are key frames. Owner's thread only.
 */
final class Reception {
  /** The client that receives. */
  interface Client {
    /** Turns a packet into RTP, in place; its length, or negative. */
    int unprotect(byte[] bytes, int offset, int lengthBytes);

    void onFirstPacket(long nowNanos);

    /** The first whole key frame of the first picture. */
    void onFirstKeyFrame(long nowNanos);

    /** Feedback that is not to wait stands in the writer. */
    void sendFeedback(RtcpWriter writer);
  }

  /** As libwebrtc waits for a frame it can decode. */
  private static final long KEY_FRAME_PATIENCE_NANOS = 200_000_000;

  /** A stream that is silent for so long rests, and no key frame would help. */
  private static final long SILENT_NANOS = 500_000_000;

  private final LightClient.Plan plan;
  private final ClientEvents events;
  private final Client client;
  private final int rtcpSsrc;
  private final String cname;
  private final RtcpWriter writer = new RtcpWriter();
  private final RtpPacket packet = new RtpPacket();
  private final ArrivalRecorder arrivals = new ArrivalRecorder();
  private final Map<Integer, ReceivedStream> streams = new HashMap<>();
  private final Map<Integer, Boolean> slotIsVideo = new HashMap<>();
  private final Map<Integer, Integer> repeatedSsrc = new HashMap<>();
  private final Map<String, Integer> ssrcOfMid = new HashMap<>();
  private @Nullable ReceivedStream lastStream;
  private long nextKeyFrameRequestNanos = Long.MAX_VALUE;
  private boolean pictured;
  private long otherPackets;
  private long unknownSsrc;
  private long keyFrameRequests;

  Reception(LightClient.Plan plan, ClientEvents events, Client client, int rtcpSsrc, String cname) {
    this.plan = plan;
    this.events = events;
    this.client = client;
    this.rtcpSsrc = rtcpSsrc;
    this.cname = cname;
  }

  /** Learns from the answer which SSRC is which slot, and which repeats which. */
  void slots(SessionDescription answer) {
    for (MediaDescription media : answer.media()) {
      boolean video = media.kind() == MediaKind.VIDEO;
      media.ssrcs().forEach(s -> slotIsVideo.put((int) s.ssrc(), video));
      media.ssrcGroups().stream()
          .filter(g -> g.semantics().equals("FID"))
          .forEach(g -> {
            int repeats = g.ssrcs().getLast().intValue();
            slotIsVideo.remove(repeats);
            repeatedSsrc.put(repeats, g.ssrcs().getFirst().intValue());
          });
      List<SsrcInfo> announced = media.ssrcs();
      if (!announced.isEmpty()) {
        ssrcOfMid.put(media.mid(), (int) announced.getFirst().ssrc());
      }
    }
  }

  /** A slot shows somebody else, or nobody. */
  void onSlotChange(String mid) {
    ReceivedStream stream = streams.get(ssrcOfMid.getOrDefault(mid, 0));
    if (stream != null) {
      stream.interrupt();
    }
  }

  /** Takes one protected packet. Borrows the bytes, and may overwrite them. */
  void onSrtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    // Padding says how long it is in bytes that are still encrypted.
    byte first = bytes[offset];
    bytes[offset] = (byte) (first & ~0x20);
    boolean readable = packet.wrap(bytes, offset, lengthBytes);
    bytes[offset] = first;
    if (!readable) {
      otherPackets++;
      return;
    }
    int at = packet.extension(RtpHeader.TRANSPORT_WIDE_ID);
    if (at >= 0) {
      arrivals.onPacket(packet.short16(at >>> 8), nowNanos);
    }
    int ssrc = packet.ssrc();
    ReceivedStream stream = lastStream;
    if (stream == null || stream.ssrc() != ssrc) {
      stream = slotIsVideo.containsKey(ssrc) ? stream(ssrc, nowNanos) : null;
    }
    if (stream == null) {
      onOther(ssrc, bytes, offset, lengthBytes, nowNanos);
      return;
    }
    lastStream = stream;
    if (stream.onPacket(packet, lengthBytes, nowNanos)) {
      requestLater(nowNanos);
    }
    int oneIn = plan.decryptOneIn();
    boolean sampled = oneIn > 0 && stream.packets() % oneIn == 0;
    if (sampled || stream.wantsKeyFrame()) {
      read(stream, bytes, offset, lengthBytes, nowNanos);
    }
    lookForPicture(stream, nowNanos);
  }

  private void lookForPicture(ReceivedStream stream, long nowNanos) {
    if (!pictured && stream.frames() > 0) {
      pictured = true;
      client.onFirstKeyFrame(nowNanos);
    }
  }

  private ReceivedStream stream(int ssrc, long nowNanos) {
    ReceivedStream known = streams.get(ssrc);
    if (known != null) {
      return known;
    }
    boolean video = slotIsVideo.getOrDefault(ssrc, false);
    ReceivedStream stream = new ReceivedStream(ssrc, video, plan.repairs() ? events : null);
    streams.put(ssrc, stream);
    client.onFirstPacket(nowNanos);
    if (stream.wantsKeyFrame()) {
      requestLater(nowNanos);
    }
    return stream;
  }

  private void requestLater(long nowNanos) {
    nextKeyFrameRequestNanos =
        Math.min(nextKeyFrameRequestNanos, nowNanos + KEY_FRAME_PATIENCE_NANOS);
  }

  private void read(
      ReceivedStream stream, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    int plain = client.unprotect(bytes, offset, lengthBytes);
    if (plain < 0 || !packet.wrap(bytes, offset, plain)) {
      stream.onUndecryptable();
      return;
    }
    readStamp(stream, nowNanos);
    if (stream.onPlain(packet, nowNanos)) {
      client.onFirstKeyFrame(nowNanos);
    }
  }

  private void readStamp(ReceivedStream stream, long nowNanos) {
    int end = packet.payloadOffset() + packet.payloadBytes();
    if (Stamp.isAt(packet.bytes(), packet.payloadOffset(), end, plan.stampKey())) {
      MediaKind kind = stream.video() ? MediaKind.VIDEO : MediaKind.AUDIO;
      events.onLatency(kind, nowNanos - Stamp.nanos(packet.bytes(), end));
      if (stream.onLayer(Stamp.layer(packet.bytes(), end))) {
        events.onLayerChange();
      }
    }
  }

  /** Repetitions, probes, and what belongs to no slot. */
  private void onOther(int ssrc, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    otherPackets++;
    Integer repeated = repeatedSsrc.get(ssrc);
    if (repeated == null) {
      unknownSsrc++;
      return;
    }
    ReceivedStream stream = streams.get(repeated);
    if (!plan.repairs() || stream == null) {
      return;
    }
    int plain = client.unprotect(bytes, offset, lengthBytes);
    if (plain < 0 || !packet.wrap(bytes, offset, plain)) {
      stream.onUndecryptable();
    } else if (packet.unwrapRetransmission(
            repeated, VideoFormat.of(packet.payloadType()).payloadType())
        && stream.onRepeat(packet, nowNanos)) {
      var unused = stream.onPlain(packet, nowNanos);
      lookForPicture(stream, nowNanos);
    }
  }

  /** A sender report, for the reports on its stream. */
  void onSenderReport(int ssrc, long ntp, long nowNanos) {
    ReceivedStream stream = streams.get(ssrc);
    if (stream != null) {
      stream.onSenderReport(NtpTime.middle(ntp), nowNanos);
    }
  }

  long nextTimeoutNanos() {
    long next = Math.min(nextKeyFrameRequestNanos, arrivals.nextTimeoutNanos());
    if (plan.repairs()) {
      for (ReceivedStream stream : streams.values()) {
        next = Math.min(next, stream.nextTimeoutNanos());
      }
    }
    return next;
  }

  void handleTimeout(long nowNanos) {
    if (nowNanos >= nextKeyFrameRequestNanos) {
      nextKeyFrameRequestNanos = Long.MAX_VALUE;
      boolean wanted = false;
      for (ReceivedStream stream : streams.values()) {
        wanted |= stream.wantsKeyFrame() && nowNanos - stream.lastNanos() < SILENT_NANOS;
      }
      if (wanted) {
        requestLater(nowNanos);
        requestKeyFrames(true);
      }
    }
    if (nowNanos >= arrivals.nextTimeoutNanos()) {
      sendArrivals(nowNanos);
    }
    if (plan.repairs()) {
      askAgain(nowNanos);
    }
  }

  private void begin() {
    writer.clear();
    writer.addReceiverReport(rtcpSsrc);
    writer.addCname(rtcpSsrc, cname);
  }

  private void askAgain(long nowNanos) {
    boolean begun = false;
    for (ReceivedStream stream : streams.values()) {
      if (nowNanos >= stream.nextTimeoutNanos()) {
        if (!begun) {
          begin();
          begun = true;
        }
        if (stream.ask(writer, rtcpSsrc, nowNanos)) {
          requestLater(nowNanos);
        }
      }
    }
    if (begun) {
      client.sendFeedback(writer);
    }
  }

  /** Transport-wide feedback, as browsers send it. */
  private void sendArrivals(long nowNanos) {
    begin();
    int bytes =
        arrivals.write(
            writer.bytes(), writer.length(), writer.freeBytes(), rtcpSsrc, rtcpSsrc, nowNanos);
    if (bytes > 0) {
      writer.append(bytes);
      client.sendFeedback(writer);
    }
  }

  /**
   * Asks the server for key frames.
   *
   * @param missingOnly of the streams that cannot go on without, or of all
   */
  void requestKeyFrames(boolean missingOnly) {
    begin();
    for (ReceivedStream stream : streams.values()) {
      if (stream.video() && (!missingOnly || stream.wantsKeyFrame())) {
        writer.addPli(rtcpSsrc, stream.ssrc());
        keyFrameRequests++;
      }
    }
    client.sendFeedback(writer);
  }

  /** Adds a report block for every stream; the receiver report is begun here. */
  void report(RtcpWriter out, long nowNanos) {
    if (!streams.isEmpty()) {
      out.addReceiverReport(rtcpSsrc);
      streams.values().forEach(s -> s.report(out, nowNanos));
    }
  }

  Collection<ReceivedStream> streams() {
    return streams.values();
  }

  long otherPackets() {
    return otherPackets;
  }

  /** Packets whose SSRC the answer did not announce. */
  long unknownSsrc() {
    return unknownSsrc;
  }

  /** Sent to the server, one for each stream. */
  long keyFrameRequests() {
    return keyFrameRequests;
  }
}
