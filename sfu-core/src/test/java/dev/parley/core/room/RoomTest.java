package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.fixtures.TestRoom;
import dev.parley.core.fixtures.TestRoom.Person;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.subscriber.SlotScratch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoomTest {
  private final TestRoom test = new TestRoom();
  private final Person ann = test.person("ann", 2, 2);
  private final Person bob = test.person("bob", 2, 2);

  private void settled() {
    test.pass(30);
  }

  @Test
  void shouldForwardToTheOthersAndNotBack() {
    ann.publish(TrackSource.MICROPHONE, false);
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.audio(1, 20);
    ann.keyFrame("cam", 1);
    ann.interFrame("cam", 2);
    assertEquals(List.of(1), bob.heard.get("a0"));
    assertEquals(List.of(1, 1), bob.heard.get("v0"));
    assertEquals(0, ann.received("a0") + ann.received("v0"));
    assertEquals(List.of("ann-mic", "ann-cam"), ann.firstPackets);
  }

  @Test
  void shouldShowEachParticipantOnlyItselfInAnEchoRoom() {
    TestRoom echo = TestRoom.echo();
    Person eve = echo.person("eve", 2, 2);
    Person guest = echo.person("guest", 2, 2);
    eve.publish(TrackSource.MICROPHONE, false);
    eve.publish(TrackSource.CAMERA, false);
    echo.pass(30);
    assertEquals("LIVE eve-cam VIEW", eve.shows("v0"));
    assertEquals("nothing", guest.shows("v0"));
    eve.audio(1, 20);
    eve.keyFrame("cam", 1);
    eve.interFrame("cam", 2);
    assertEquals(List.of(1), eve.heard.get("a0"));
    assertEquals(List.of(1, 1), eve.heard.get("v0"));
    assertEquals(0, guest.received("a0") + guest.received("v0"));
  }

  @Test
  void shouldSampleWhatEachIsShownAndTellEachSwitchOnce() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    test.pass(1000);
    MediaSample seen =
        test.room.samples(test.now).filter(s -> s.participantId().equals("bob")).findFirst().get();
    assertEquals(
        List.of("v0 ann CAMERA true"),
        seen.shown().stream()
            .map(s -> s.mid() + " " + s.participantId() + " " + s.source() + " " + s.live())
            .toList());
    assertEquals(MediaSample.UNKNOWN, seen.estimateBps());
    assertEquals(test.unixNanos(test.now) / 1_000_000, seen.atMs());
    assertTrue(seen.connected());
    MediaSample.Switch first = seen.switches().getFirst();
    assertEquals(MediaSample.Picture.NONE, first.from());
    assertEquals(
        "v0 ann 0", first.mid() + " " + first.participantId() + " " + first.to().spatial());
    assertEquals(
        List.of(), test.room.samples(test.now).flatMap(s -> s.switches().stream()).toList());
    MediaSample sent =
        test.room.samples(test.now).filter(s -> s.participantId().equals("ann")).findFirst().get();
    assertEquals(1, sent.packetsReceived());
    assertEquals(seen.bytesSent(), sent.bytesReceived());
  }

  @Test
  void shouldGiveEachParticipantItsOwnCsrcAndRefuseTakenIds() {
    assertEquals(1, ann.participant.csrc());
    assertEquals(2, bob.participant.csrc());
    assertThrows(MediaException.class, () -> test.person("ann", 0, 0));
    ann.leave();
    assertEquals(3, test.person("ann", 0, 0).participant.csrc());
  }

  @Test
  void shouldTellWhatEachSlotShowsAndWhy() {
    String cam = ann.publish(TrackSource.CAMERA, false);
    ann.publish(TrackSource.MICROPHONE, true);
    settled();
    assertEquals("LIVE ann-cam VIEW", bob.shows("v0"));
    assertEquals("PAUSED ann-mic MUTED", bob.shows("a0"));
    assertEquals("nothing", bob.shows("v1"));
    assertEquals(1, bob.changes.getFirst().csrc());
    assertEquals(Optional.of("ann"), bob.changes.getFirst().participantId());
    test.room.mute(ann.participant, cam, true);
    settled();
    assertEquals("PAUSED ann-cam MUTED", bob.shows("v0"));
    test.room.mute(ann.participant, cam, false);
    settled();
    assertTrue(bob.shows("v0").startsWith("LIVE ann-cam"));
    ann.leave();
    settled();
    assertEquals("EMPTY - LEFT", bob.shows("v0"));
    assertEquals("EMPTY - LEFT", bob.shows("a0"));
    assertEquals(0, bob.lastChange().orElseThrow().csrc());
  }

  @Test
  void shouldTellNothingWhereNothingChanged() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    int told = bob.changes.size();
    test.room.view(bob.participant, ViewWish.AUTO);
    test.pass(1000);
    assertEquals(told, bob.changes.size());
  }

  @Test
  void shouldStopForwardingWhatIsUnpublished() {
    String cam = ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    test.room.unpublish(ann.participant, cam);
    ann.keyFrame("cam", 2);
    assertEquals(1, bob.received("v0"));
    assertEquals(1, test.counters.total(DropReason.RTP_NOT_PUBLISHED));
    settled();
    assertTrue(bob.shows("v0").startsWith("EMPTY"));
    test.room.unpublish(ann.participant, "no such track");
  }

  @Test
  void shouldReplaceWhatASectionCarried() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    test.room.publish(
        ann.participant, new MediaRoom.TrackPublication("cam", "other", TrackSource.CAMERA, false));
    settled();
    assertEquals("LIVE other VIEW", bob.shows("v0"));
    ann.interFrame("cam", 2);
    assertEquals(1, bob.received("v0"), "waits for a key frame");
    ann.keyFrame("cam", 3);
    assertEquals(2, bob.received("v0"));
  }

  @Test
  void shouldRefuseToPublishWhereNoSectionFits() {
    for (MediaRoom.TrackPublication bad :
        List.of(
            new MediaRoom.TrackPublication("nope", "t", TrackSource.CAMERA, false),
            new MediaRoom.TrackPublication("mic", "t", TrackSource.CAMERA, false))) {
      MediaException e =
          assertThrows(MediaException.class, () -> test.room.publish(ann.participant, bad));
      assertEquals(MediaException.Code.BAD_REQUEST, e.code());
      assertTrue(String.valueOf(e.getMessage()).contains(bad.mid()));
    }
  }

  @Test
  void shouldSendNothingOfMutedTrack() {
    String mic = ann.publish(TrackSource.MICROPHONE, true);
    settled();
    ann.audio(1, 20);
    assertEquals(0, bob.received("a0"));
    test.room.mute(ann.participant, mic, false);
    ann.audio(2, 20);
    assertEquals(1, bob.received("a0"));
  }

  @Test
  void shouldFollowTheViewersWish() {
    Person eve = test.person("eve", 2, 2);
    ann.publish(TrackSource.CAMERA, false);
    ann.publish(TrackSource.MICROPHONE, false);
    eve.publish(TrackSource.CAMERA, false);
    settled();
    test.room.view(
        bob.participant,
        new ViewWish(
            ViewWish.Layout.GRID,
            List.of(new ViewWish.VideoWish("eve", TrackSource.CAMERA, 1, 1, 1, true)),
            0,
            1,
            false,
            Optional.empty()));
    settled();
    ann.keyFrame("cam", 1);
    ann.audio(1, 20);
    eve.keyFrame("cam", 1);
    int slots = bob.received("v0") + bob.received("v1");
    assertEquals(1, slots, "eve's camera alone");
    assertEquals(0, bob.received("a0"), "deafened");
    assertEquals(1, eve.received("v0"), "the others are not concerned");
  }

  @Test
  void shouldNotShowAnythingBeforeTheTransportIsConnected() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    Participant late = test.room.add("late", 5, bob);
    settled();
    assertFalse(late.transport().isPresent());
    assertEquals(3, test.room.size());
  }

  @Test
  void shouldSendAnInterruptedViewerNothingAndGoOnWhereItWas() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    int told = bob.changes.size();
    bob.participant.onInterrupted();
    long asked = test.counters.total(Counter.KEY_FRAMES_ASKED);
    ann.interFrame("cam", 2);
    bob.participant.onKeyFrameRequest(bob.slotSsrc(1), test.now);
    test.pass(2_000);
    assertEquals(1, bob.received("v0"));
    assertEquals(asked, test.counters.total(Counter.KEY_FRAMES_ASKED));
    bob.participant.onRecovered();
    settled();
    assertEquals(asked + 1, test.counters.total(Counter.KEY_FRAMES_ASKED));
    ann.interFrame("cam", 3);
    ann.keyFrame("cam", 4);
    assertEquals(2, bob.received("v0"), "from a key frame on");
    assertEquals(told, bob.changes.size(), "nothing else is shown than before");
    assertEquals(
        List.of(
            MediaSession.State.CONNECTED,
            MediaSession.State.INTERRUPTED,
            MediaSession.State.CONNECTED),
        bob.states);
  }

  @Test
  void shouldKeepShowingWhomTheServerWaitsFor() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    int told = bob.changes.size();
    ann.participant.onInterrupted();
    test.pass(5_000);
    bob.participant.onKeyFrameRequest(bob.slotSsrc(1), test.now);
    assertTrue(test.room.nextTimeoutNanos() > test.now, "nobody is there to be asked");
    assertEquals(told, bob.changes.size());
    assertTrue(bob.shows("v0").startsWith("LIVE ann-cam"));
    ann.participant.onRecovered();
    ann.interFrame("cam", 2);
    assertEquals(2, bob.received("v0"));
  }

  @Test
  void shouldTellAReturningViewerWhoHasLeftMeanwhile() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    bob.participant.onInterrupted();
    ann.leave();
    test.pass(1_000);
    assertTrue(bob.shows("v0").startsWith("LIVE"), "nobody can be told now");
    bob.participant.onRecovered();
    settled();
    assertEquals("EMPTY - LEFT", bob.shows("v0"));
  }

  /** Who was told that nobody watches sends nothing, whatever it publishes next. */
  @Test
  void shouldTellTheLayersOfWhatTakesTheSectionOver() {
    test.room.view(bob.participant, noVideo());
    ann.publish(TrackSource.CAMERA, false);
    test.pass(6_000);
    assertEquals(List.of("cam[]"), ann.layers);
    test.room.publish(
        ann.participant, new MediaRoom.TrackPublication("cam", "other", TrackSource.CAMERA, false));
    test.pass(100);
    assertEquals(List.of("cam[]", "cam[0]"), ann.layers);
    ann.publish(TrackSource.SCREEN, false);
    test.pass(100);
    assertEquals(2, ann.layers.size(), "all are sent where nothing was said");
  }

  private static ViewWish noVideo() {
    return new ViewWish(ViewWish.Layout.NONE, List.of(), 0, 0, true, Optional.empty());
  }

  @Test
  void shouldMergeKeyFrameRequestsOfManyViewers() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.interFrame("cam", 1);
    for (int i = 0; i < 50; i++) {
      test.person("viewer" + i, 0, 1);
    }
    test.pass(100);
    assertTrue(test.counters.total(Counter.KEY_FRAMES_ASKED) >= 50);
    assertEquals(1, test.counters.total(Counter.KEY_FRAMES_REQUESTED));
    ann.keyFrame("cam", 2);
    test.pass(2_000);
    assertEquals(1, test.counters.total(Counter.KEY_FRAMES_REQUESTED));
  }

  @Test
  void shouldCarryPictureLossUpToThePublisher() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.keyFrame("cam", 1);
    test.pass(1_000);
    long before = test.counters.total(Counter.KEY_FRAMES_REQUESTED);
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(9);
    writer.addPli(9, bob.slotSsrc(2));
    writer.addPli(9, 0xdead);
    bob.participant.onRtcp(writer.bytes(), 0, writer.length(), test.now);
    test.settle();
    assertEquals(before + 1, test.counters.total(Counter.KEY_FRAMES_REQUESTED));
    bob.participant.onRtcp(new byte[] {1, 2, 3}, 0, 3, test.now);
    assertEquals(1, test.counters.total(DropReason.RTCP_MALFORMED));
  }

  @Test
  void shouldCostOneAssignmentForStormOfJoins() {
    settled();
    test.room.unsettle();
    test.settle();
    for (int i = 0; i < 20; i++) {
      test.person("p" + i, 2, 2).publish(TrackSource.CAMERA, false);
      test.settle();
    }
    assertEquals(0, bob.changes.size(), "within the interval nothing is assigned");
    settled();
    assertEquals(2, bob.changes.size());
  }

  @Test
  void shouldForgetWhoeverLeaves() {
    ann.publish(TrackSource.CAMERA, false);
    bob.publish(TrackSource.CAMERA, false);
    settled();
    bob.leave();
    bob.leave();
    ann.keyFrame("cam", 1);
    assertEquals(0, bob.received("v0"));
    assertEquals(1, test.room.size());
    settled();
    assertEquals("EMPTY - LEFT", ann.shows("v0"));
    assertEquals(List.of(MediaSession.State.CONNECTED, MediaSession.State.CLOSED), bob.states);
  }

  @Test
  void shouldEndPublicationWhoseSectionIsGone() {
    ann.publish(TrackSource.CAMERA, false);
    ann.publish(TrackSource.SCREEN, false);
    settled();
    ann.keyFrame("cam", 1);
    ann.keyFrame("screen", 1);
    ann.participant.sections(TestRoom.sections("mic", "screen"), List.of());
    settled();
    assertEquals(
        1,
        List.of(bob.shows("v0"), bob.shows("v1")).stream()
            .filter(s -> s.startsWith("EMPTY"))
            .count());
    int before = bob.received("v0") + bob.received("v1");
    ann.interFrame("screen", 2);
    assertEquals(before + 1, bob.received("v0") + bob.received("v1"), "follows its section");
    ann.leave();
    settled();
    assertEquals("EMPTY - LEFT", bob.shows("v0"));
    assertEquals("EMPTY - LEFT", bob.shows("v1"));
  }

  @Test
  void shouldDropWhatItCannotAssignToSection() {
    byte[] stray = RtpBuilder.rtp().payloadType(55).build();
    ann.participant.onRtp(stray, 0, stray.length, test.now);
    ann.participant.onRtp(stray, 0, 11, test.now);
    assertEquals(1, test.counters.total(DropReason.RTP_UNKNOWN_SSRC));
    assertEquals(1, test.counters.total(DropReason.RTP_MALFORMED));
  }

  @Test
  void shouldIgnoreEmptyAudioLevel() {
    ann.publish(TrackSource.MICROPHONE, false);
    settled();
    for (int i = 0; i < 100; i++) {
      ann.send(
          "mic",
          RtpBuilder.rtp().payloadType(TestRoom.OPUS).sequence(i).twoByte(TestRoom.LEVEL_ID));
      test.pass(20);
    }
    assertEquals(List.of(), test.speakers);
  }

  @Test
  void shouldTellSpeakersAtMostTwiceASecond() {
    ann.publish(TrackSource.MICROPHONE, false);
    settled();
    for (int i = 0; i < 250; i++) {
      ann.audio(i, i % 50 < 25 ? 15 : 35);
      test.pass(20);
    }
    assertFalse(test.speakers.isEmpty());
    assertTrue(test.speakers.size() <= 11, test.speakers.size() + " in five seconds");
    assertEquals("ann", test.speakers.getFirst().getFirst().participantId());
    test.pass(2_000);
    assertEquals(List.of(), test.speakers.getLast(), "silence is told too");
  }

  @Test
  void shouldSnapshotEverything() {
    ann.publish(TrackSource.CAMERA, false);
    settled();
    String text = test.room.snapshot(test.now).toString();
    assertTrue(text.contains("ann-cam") && text.contains("v1"), text);
  }

  @Test
  void shouldGoOnInAnotherRoomWithSlotsAndKnownStreams() {
    TestRoom there = new TestRoom();
    Person cas = there.person("cas", 2, 2);
    cas.publish(TrackSource.CAMERA, false);
    there.pass(30);
    ann.publish(TrackSource.CAMERA, false);
    bob.publish(TrackSource.MICROPHONE, false);
    settled();
    bob.keyFrame("cam", 1);
    bob.audio(1, 20);
    ann.keyFrame("cam", 1);
    assertEquals("LIVE ann-cam VIEW", bob.shows("v0"));

    Participant moved = there.room.add("bob2", 1, bob);
    bob.participant.leave(test.now);
    moved.takeOver(bob.participant, new SlotScratch());
    moved.transport().orElseThrow().inbound(moved);
    there.room.publish(
        moved, new MediaRoom.TrackPublication("cam", "bob2-cam", TrackSource.CAMERA, false));
    settled();
    there.pass(30);

    assertEquals("LIVE cas-cam VIEW", bob.shows("v0"));
    int before = bob.received("v0");
    ann.interFrame("cam", 2);
    cas.keyFrame("cam", 1);
    assertEquals(before + 1, bob.received("v0"), "from the new room alone");
    // His streams named themselves by MID only in their first packets.
    byte[] packet =
        RtpBuilder.rtp()
            .ssrc(2 << 8 | 'c')
            .sequence(2)
            .payload(dev.parley.core.fixtures.Vp8Payloads.keyFrame(2, true, 0, 640, 360))
            .build();
    moved.onRtp(packet, 0, packet.length, there.now);
    assertEquals(1, cas.received("v0"));
    assertEquals(List.of(moved.csrc()), cas.heard.get("v0"));
    assertEquals(null, test.room.participant("bob"));
    // A slot that showed somebody and shows nobody here is told so.
    there.room.unpublish(cas.participant, "cas-cam");
    there.pass(30);
    assertEquals("EMPTY - LEFT", bob.shows("v0"));
  }

  @Test
  void shouldTellOfSlotsThatShowNobodyInTheNewRoom() {
    TestRoom there = new TestRoom();
    ann.publish(TrackSource.CAMERA, false);
    settled();
    assertEquals("LIVE ann-cam VIEW", bob.shows("v0"));
    Participant moved = there.room.add("bob", 1, bob);
    bob.participant.leave(test.now);
    moved.takeOver(bob.participant, new SlotScratch());
    there.pass(30);
    assertEquals("EMPTY - LEFT", bob.shows("v0"));
    assertEquals("nothing", bob.shows("v1"));
  }
}
