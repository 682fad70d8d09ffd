package dev.parley.signaling.observe;

import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Totals since start. Any thread. Invariant: opened − closed = open now. */
public final class SignalingCounters {
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder resourcesOpened = new LongAdder();
  private final LongAdder resourcesClosed = new LongAdder();
  private final LongAdder hellos = new LongAdder();
  private final LongAdder joins = new LongAdder();
  private final LongAdder leaves = new LongAdder();
  private final LongAdder rateLimited = new LongAdder();
  private final LongAdder peerCloses = new LongAdder();
  private final LongAdder sessionsOpened = new LongAdder();
  private final LongAdder sessionsClosed = new LongAdder();
  private final LongAdder gracesBegun = new LongAdder();
  private final LongAdder gracesEnded = new LongAdder();
  private final LongAdder timersSet = new LongAdder();
  private final LongAdder timersEnded = new LongAdder();
  private final LongAdder resumeAttempts = new LongAdder();
  private final LongAdder resumes = new LongAdder();
  private final LongAdder tlsFailed = new LongAdder();
  private final LongAdder tlsRefused = new LongAdder();
  private final LongAdder tlsRelayed = new LongAdder();
  private final LongAdder[] resumeFailures = adders(ResumeFailure.values().length);
  private final LongAdder[] errors = adders(ErrorCode.values().length);
  private final LongAdder[] closes = adders(CloseCode.values().length);
  private final LongAdder[] peerClosesByClass = adders(PeerClose.values().length);
  private final LongAdder messagesReceived = new LongAdder();
  private final LongAdder messagesSent = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final CallCounters calls = new CallCounters();

  /**
   * One total.
   *
   * @param id unique together with the label, in snake case
   * @param sentence what is counted
   */
  public record Total(String id, String sentence, Optional<Label> label, long total) {}

  public record Label(String name, String value) {}

  /** What is counted of calls. */
  public CallCounters calls() {
    return calls;
  }

  /** A text came over a WebSocket. */
  public void received(int bytes) {
    messagesReceived.increment();
    bytesReceived.add(bytes);
  }

  /** A text was given to a WebSocket. */
  public void sent(int bytes) {
    messagesSent.increment();
    bytesSent.add(bytes);
  }

  public void connectionOpened() {
    opened.increment();
  }

  public void connectionClosed() {
    closed.increment();
  }

  public void resourceOpened() {
    resourcesOpened.increment();
  }

  public void resourceClosed() {
    resourcesClosed.increment();
  }

  public void hello() {
    hellos.increment();
  }

  public void joined() {
    joins.increment();
  }

  public void left() {
    leaves.increment();
  }

  public void rateLimited() {
    rateLimited.increment();
  }

  public void error(ErrorCode code) {
    errors[code.ordinal()].increment();
  }

  /** A socket closed by the server. */
  public void close(CloseCode code) {
    closes[code.ordinal()].increment();
  }

  /** A socket closed by the client or lost by the network. */
  public void peerClose(PeerClose how) {
    peerCloses.increment();
    peerClosesByClass[how.ordinal()].increment();
  }

  public void sessionOpened() {
    sessionsOpened.increment();
  }

  public void sessionClosed() {
    sessionsClosed.increment();
  }

  /** A session lost its socket and waits for the next. */
  public void graceBegun() {
    gracesBegun.increment();
  }

  /** A session got a socket again, or ended. */
  public void graceEnded() {
    gracesEnded.increment();
  }

  public void timerSet() {
    timersSet.increment();
  }

  /** A timer rang or was cancelled. */
  public void timerEnded() {
    timersEnded.increment();
  }

  public void resumeAttempt() {
    resumeAttempts.increment();
  }

  public void resumed() {
    resumes.increment();
  }

  public void resumeFailed(ResumeFailure reason) {
    resumeFailures[reason.ordinal()].increment();
  }

  /** Sessions open now, those without a socket included. */
  public long openSessions() {
    return difference(sessionsOpened, sessionsClosed);
  }

  public void tlsFailed() {
    tlsFailed.increment();
  }

  public void tlsRefused() {
    tlsRefused.increment();
  }

  public void tlsRelayed() {
    tlsRelayed.increment();
  }

  /** Sessions that wait for their client's next socket. */
  public long sessionsInGrace() {
    return difference(gracesBegun, gracesEnded);
  }

  /** Timers of sockets and sessions that have not rung yet. */
  public long pendingTimers() {
    return difference(timersSet, timersEnded);
  }

  /** WebSockets open now. */
  public long openConnections() {
    return difference(opened, closed);
  }

  /** WHIP and WHEP resources open now. */
  public long openResources() {
    return difference(resourcesOpened, resourcesClosed);
  }

  private static long difference(LongAdder begun, LongAdder ended) {
    // Ended first: what comes and goes between the two reads must not make it negative.
    long gone = ended.sum();
    return begun.sum() - gone;
  }

  /** All totals; those of one family stand together. */
  public List<Total> totals() {
    List<Total> totals = new ArrayList<>();
    totals.add(plain("connections_opened", "WebSockets opened", opened));
    totals.add(plain("connections_closed", "WebSockets closed", closed));
    totals.add(plain("connections_lost", "WebSockets closed by the client or lost", peerCloses));
    for (PeerClose how : PeerClose.values()) {
      totals.add(
          new Total(
              "peer_closes",
              "WebSockets closed by the client or lost, by class of close code",
              Optional.of(new Label("class", how.wireName())),
              peerClosesByClass[how.ordinal()].sum()));
    }
    totals.add(plain("messages_received", "Texts read from WebSockets", messagesReceived));
    totals.add(plain("messages_sent", "Texts given to WebSockets", messagesSent));
    totals.add(plain("received_bytes", "Bytes of the texts read from WebSockets", bytesReceived));
    totals.add(plain("sent_bytes", "Bytes of the texts given to WebSockets", bytesSent));
    totals.add(plain("resources_opened", "WHIP and WHEP resources created", resourcesOpened));
    totals.add(plain("resources_closed", "WHIP and WHEP resources removed", resourcesClosed));
    totals.add(plain("hellos", "Hellos accepted", hellos));
    totals.add(plain("sessions_opened", "Sessions opened", sessionsOpened));
    totals.add(plain("sessions_closed", "Sessions ended", sessionsClosed));
    totals.add(plain("resume_attempts", "Hellos that asked for a resume", resumeAttempts));
    totals.add(plain("resumes", "Sessions resumed", resumes));
    for (ResumeFailure reason : ResumeFailure.values()) {
      totals.add(
          new Total(
              "resume_failures",
              "Resumes refused, by reason",
              Optional.of(new Label("reason", reason.wireName())),
              resumeFailures[reason.ordinal()].sum()));
    }
    totals.add(plain("tls_failed", "TLS handshakes that failed", tlsFailed));
    totals.add(plain("tls_refused", "TLS connections closed as they said nothing", tlsRefused));
    totals.add(plain("tls_relayed", "TLS connections given to the relay", tlsRelayed));
    totals.add(plain("joins", "Participants who joined a room", joins));
    totals.add(plain("leaves", "Participants who left a room", leaves));
    totals.add(plain("rate_limited", "Messages refused for their rate", rateLimited));
    for (ErrorCode code : ErrorCode.values()) {
      totals.add(
          new Total(
              "errors",
              "Requests refused, by error code",
              Optional.of(new Label("code", code.wireName())),
              errors[code.ordinal()].sum()));
    }
    for (CloseCode code : CloseCode.values()) {
      totals.add(
          new Total(
              "closes",
              "WebSockets closed by the server, by close code",
              Optional.of(new Label("code", Short.toString(code.code()))),
              closes[code.ordinal()].sum()));
    }
    return totals;
  }

  private static Total plain(String id, String sentence, LongAdder adder) {
    return new Total(id, sentence, Optional.empty(), adder.sum());
  }

  static LongAdder[] adders(int length) {
    LongAdder[] adders = new LongAdder[length];
    for (int i = 0; i < length; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
