package dev.parley.signaling.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.FakeMediaServer;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.observe.CallCounters.JoinFailure;
import dev.parley.signaling.observe.CallCounters.JoinPhase;
import dev.parley.signaling.observe.CallCounters.WaitEnd;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Role;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who comes in, waits, and how well they are connected, as the counters have it. */
final class CallCountersTest {
  private static final String OFFER = FakeMediaServer.offer("audio:0:sendonly");

  private long nowMs = 1_000_000;
  private final FakeMediaServer media = new FakeMediaServer();
  private final SignalingCounters counters = new SignalingCounters();
  private final CallCounters calls = counters.calls();
  private final Rooms rooms =
      new Rooms(
          media,
          Runnable::run,
          new Ids(new Random(1)),
          new Rooms.Bounds(10, 3, 9, OnDuplicate.ALLOW),
          () -> Instant.ofEpochMilli(nowMs),
          RoomConfig.OPEN,
          atMs -> {},
          counters);

  private static final class Connection implements Member {
    @Override
    public void deliver(EventFrame event) {}

    @Override
    public void end(CloseCode code, LeaveReason reason, String words) {}
  }

  private Visitor join(String identity, String sdp) {
    Visitor visitor = new Visitor(rooms, new Connection());
    visitor.join(command("r", identity, sdp), outcome -> {});
    return visitor;
  }

  private static JoinCommand command(String room, String identity, String sdp) {
    return new JoinCommand(
        "se_1",
        room,
        identity,
        "Ann",
        Map.of(),
        Grants.of(Role.PARTICIPANT),
        Optional.of(sdp).filter(text -> !text.isEmpty()),
        List.of(),
        true,
        Optional.empty(),
        JoinCommand.Keys.NONE);
  }

  private MediaSession.Listener reports() {
    return media.lastRoom().lastSession().listener;
  }

  private void state(MediaSession.State state, String reason) {
    reports().onState(state, new MediaSession.StateDetail(reason, Optional.empty()));
  }

  private long seen(JoinPhase phase) {
    return calls.joinTimes(phase).count();
  }

  @Test
  void shouldCountEachStepOnce() {
    media.holdAnswers = true;
    join("ann", OFFER);
    nowMs += 10;
    media.lastRoom().answerAll();
    assertEquals(List.of(1L, 0L), List.of(seen(JoinPhase.OFFER), seen(JoinPhase.ICE)));
    nowMs += 20;
    state(MediaSession.State.ICE_CONNECTED, "");
    assertEquals(List.of(1L, 0L), List.of(seen(JoinPhase.ICE), seen(JoinPhase.DTLS)));
    nowMs += 30;
    state(MediaSession.State.CONNECTED, "");
    assertEquals(List.of(1L, 1L), List.of(seen(JoinPhase.DTLS), seen(JoinPhase.TOTAL)));
    nowMs += 40;
    reports().onFirstPacket("tr_1");
    reports().onFirstPacket("tr_2");
    state(MediaSession.State.INTERRUPTED, "");
    state(MediaSession.State.CONNECTED, "");
    state(MediaSession.State.CLOSED, "consent_expired");
    for (JoinPhase phase : JoinPhase.values()) {
      assertEquals(1, seen(phase), phase.wireName());
    }
    assertEquals(
        List.of(0.01, 0.02, 0.03, 0.04, 0.06),
        Arrays.stream(JoinPhase.values()).map(phase -> calls.joinTimes(phase).sumSec()).toList());
    assertEquals(1, calls.attempts());
    assertEquals(0, failures());
  }

  private long failures() {
    long all = 0;
    for (JoinFailure reason : JoinFailure.values()) {
      all += calls.failures(reason);
    }
    return all;
  }

  @Test
  void shouldSayWhyMediaNeverCame() {
    join("ann", OFFER);
    state(MediaSession.State.CLOSED, "ice_timeout");
    state(MediaSession.State.CLOSED, "ice_timeout");
    assertEquals(1, calls.failures(JoinFailure.ICE_TIMEOUT));
    join("bob", "fail=SDP_INVALID");
    assertEquals(1, calls.failures(JoinFailure.REFUSED));
    join("eve", "");
    assertEquals(2, calls.attempts());
    assertEquals(2, failures());
  }

  @Test
  void shouldCountSomebodyWhoLeavesBeforeTheAnswer() {
    media.holdAnswers = true;
    Visitor ann = join("ann", OFFER);
    ann.leave(LeaveReason.DISCONNECTED);
    media.lastRoom().answerAll();
    assertEquals(1, calls.failures(JoinFailure.CLOSED));
    assertEquals(0, calls.failures(JoinFailure.REFUSED));
  }

  @Test
  void shouldGoOnInTheRoomThatSomebodySwitchesTo() {
    Visitor ann = join("ann", OFFER);
    state(MediaSession.State.ICE_CONNECTED, "");
    ann.switchRoom(command("other", "ann", ""), outcome -> {});
    state(MediaSession.State.CONNECTED, "");
    assertEquals(1, calls.attempts());
    assertEquals(1, seen(JoinPhase.TOTAL));
    state(MediaSession.State.CLOSED, "dtls_closed");
    assertEquals(0, failures());
  }

  @Test
  void shouldCountAReloadedPageAnew() {
    Visitor ann = join("ann", OFFER);
    ann.rejoin(command("r", "ann", OFFER), outcome -> {});
    media
        .lastRoom()
        .sessions
        .getFirst()
        .listener
        .onState(
            MediaSession.State.CLOSED, new MediaSession.StateDetail("closed", Optional.empty()));
    state(MediaSession.State.ICE_CONNECTED, "");
    state(MediaSession.State.CONNECTED, "");
    assertEquals(2, calls.attempts());
    assertEquals(1, calls.failures(JoinFailure.CLOSED));
    assertEquals(1, seen(JoinPhase.TOTAL));
  }

  @Test
  void shouldCountPeopleByQuality() {
    Visitor ann = join("ann", OFFER);
    MediaSession.Listener ofAnn = reports();
    join("bob", OFFER);
    ofAnn.onQuality(5);
    reports().onQuality(2);
    assertEquals(List.of(0, 0, 1, 0, 0, 1), calls.qualities());
    ofAnn.onQuality(2);
    assertEquals(List.of(0, 0, 2, 0, 0, 0), calls.qualities());
    ann.leave(LeaveReason.LEFT);
    assertEquals(List.of(0, 0, 1, 0, 0, 0), calls.qualities());
  }

  @Test
  void shouldCountWhoWaitsAndForHowLong() {
    QueueSettings oneSeat =
        new QueueSettings(
            1, true, true, QueueSettings.Mode.CAPACITY, 200, 20, true, false, 30, 60, true, "");
    rooms.create("r", new RoomSettings(Optional.empty(), oneSeat, TimerSettings.NONE, 0), 60);
    Visitor ann = join("ann", "");
    Visitor bob = join("bob", "");
    Visitor eve = join("eve", "");
    assertEquals(2, calls.waitingNow());
    nowMs += 7_000;
    eve.leave(LeaveReason.LEFT);
    assertEquals(1, calls.waitingNow());
    assertEquals(7, calls.waits(WaitEnd.LEFT).sumSec());
    nowMs += 3_000;
    ann.leave(LeaveReason.LEFT);
    assertEquals(10, calls.waits(WaitEnd.ADMITTED).sumSec());
    bob.join(command("r", "bob", ""), outcome -> {});
    assertEquals(0, calls.waitingNow());
    assertEquals(0, calls.waits(WaitEnd.EXPIRED).count());
  }
}
