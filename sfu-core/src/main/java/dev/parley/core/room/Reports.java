package dev.parley.core.room;

import dev.parley.core.bwe.ArrivalRecorder;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.subscriber.Subscription;
import dev.parley.core.transport.Transport;
import java.util.List;

/**
 * The RTCP that one participant is sent: sender reports of its slots, receiver reports and
 * key-frame requests for what it publishes (RFC 3550 section 6, RFC 4585). Worker's thread only.
 */
final class Reports {
  /** RFC 3550 section 6.2 allows five per cent of the bandwidth; a second is far below. */
  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final Room room;
  private final int ssrc;
  private final RtcpWriter writer;
  private long nextNanos;

  /** The SSRC is the server's own towards this participant; the writer is the worker's. */
  Reports(Room room, int ssrc, RtcpWriter writer) {
    this.room = room;
    this.ssrc = ssrc;
    this.writer = writer;
  }

  long nextTimeoutNanos() {
    return nextNanos;
  }

  void sendDue(Transport transport, SlotBoard slots, List<Publication> published, long nowNanos) {
    if (nowNanos < nextNanos) {
      return;
    }
    nextNanos = nowNanos + INTERVAL_NANOS;
    long unixNanos = room.unixNanos(nowNanos);
    writer.clear();
    slots.eachSubscription(s -> addSenderReport(transport, s, unixNanos, nowNanos));
    send(transport, nowNanos);
    if (published.isEmpty()) {
      return;
    }
    writer.addReceiverReport(ssrc);
    for (Publication p : published) {
      int next = p.track().addReportBlocks(writer, 0, nowNanos);
      while (next < p.track().layers()) {
        send(transport, nowNanos);
        writer.addReceiverReport(ssrc);
        next = p.track().addReportBlocks(writer, next, nowNanos);
      }
    }
    writer.addReferenceTime(ssrc, NtpTime.ofUnixNanos(unixNanos));
    send(transport, nowNanos);
  }

  private void addSenderReport(
      Transport transport, Subscription subscription, long unixNanos, long nowNanos) {
    if (!subscription.addSenderReport(writer, unixNanos, nowNanos)) {
      send(transport, nowNanos);
      subscription.addSenderReport(writer, unixNanos, nowNanos);
    }
  }

  private void send(Transport transport, long nowNanos) {
    if (writer.length() > 0) {
      writer.addCname(ssrc, room.cname());
      transport.sendRtcp(writer, nowNanos);
    }
    writer.clear();
  }

  /** Sends the key-frame and repeat requests that are due. */
  void sendFeedback(
      Transport transport, List<Publication> published, long roundTripNanos, long nowNanos) {
    for (Publication p : published) {
      if (p.track().nextTimeoutNanos(roundTripNanos) <= nowNanos) {
        begin();
        int empty = writer.length();
        p.track().addFeedback(writer, ssrc, roundTripNanos, nowNanos);
        if (writer.length() > empty) {
          transport.sendRtcp(writer, nowNanos);
        }
      }
    }
    writer.clear();
  }

  /**
   * Tells the source when its packets arrived, by transport-wide numbers.
   *
   * @param media a stream of the source: libwebrtc ignores feedback that names none of its own
   */
  void sendArrivals(Transport transport, ArrivalRecorder arrivals, int media, long nowNanos) {
    while (arrivals.nextTimeoutNanos() <= nowNanos) {
      begin();
      int bytes =
          arrivals.write(
              writer.bytes(), writer.length(), writer.freeBytes(), ssrc, media, nowNanos);
      if (bytes == 0) {
        break;
      }
      writer.append(bytes);
      transport.sendRtcp(writer, nowNanos);
    }
    writer.clear();
  }

  /** Every compound packet begins with a report and a description (RFC 3550 section 6.1). */
  private void begin() {
    writer.clear();
    writer.addReceiverReport(ssrc);
    writer.addCname(ssrc, room.cname());
  }
}
