package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counter;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.TestRoom;
import dev.parley.core.fixtures.TestRoom.Person;
import dev.parley.core.fixtures.TestWings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One room on several workers: whoever is in it notices nothing of that. */
class WingsTest {
  private static final int SILENCE = 127;
  private static final int LOUD = 20;
  private static final int QUIET = 40;

  private final TestWings wings = new TestWings(3);
  private final TestRoom first = wings.wing(0);
  private final TestRoom second = wings.wing(1);
  private final TestRoom third = wings.wing(2);
  private int sequence;

  private void settled() {
    wings.pass(100);
  }

  private long relayed() {
    return first.counters.total(Counter.RTP_RELAYED)
        + second.counters.total(Counter.RTP_RELAYED)
        + third.counters.total(Counter.RTP_RELAYED);
  }

  /** Frames, the first one a key frame. */
  private void film(Person who, int frames) {
    for (int i = 0; i < frames; i++) {
      sequence++;
      if (i == 0) {
        who.keyFrame("cam", sequence);
      } else {
        who.interFrame("cam", sequence);
      }
      wings.settle();
    }
  }

  private static ViewWish watching(boolean audio, String... participants) {
    List<ViewWish.VideoWish> wishes = new ArrayList<>();
    for (String id : participants) {
      wishes.add(new ViewWish.VideoWish(id, TrackSource.CAMERA, 0, 0, 1, true));
    }
    return new ViewWish(
        ViewWish.Layout.GRID, wishes, 0, participants.length, audio, Optional.empty());
  }

  /** From any wing to any other one, the publisher's own included. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldShowWhatIsPublishedInOneWingInAll(int home) {
    Person ann = wings.wing(home).person("ann", 2, 2);
    List<Person> viewers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      viewers.add(wings.wing(i).person("viewer" + i, 2, 2));
    }
    ann.publish(TrackSource.CAMERA, false);
    ann.publish(TrackSource.MICROPHONE, false);
    settled();
    film(ann, 30);
    for (int i = 1; i <= 30; i++) {
      ann.audio(i, LOUD);
      wings.settle();
    }
    for (Person viewer : viewers) {
      assertEquals("LIVE ann-cam VIEW", viewer.shows("v0"));
      assertEquals("LIVE ann-mic SPEAKER", viewer.shows("a0"));
      assertEquals(30, viewer.received("v0"));
      assertEquals(30, viewer.received("a0"));
      assertEquals(Set.of(1), new HashSet<>(Objects.requireNonNull(viewer.heard.get("v0"))));
      assertContinuous(viewer, "v0");
      assertContinuous(viewer, "a0");
    }
    assertEquals(0, ann.received("v0") + ann.received("a0"), "not back to its sender");
    assertEquals(2 * 60, relayed(), "once to each other wing");
    assertEquals(List.of("ann-cam", "ann-mic"), ann.firstPackets);
  }

  private static void assertContinuous(Person viewer, String slot) {
    List<Integer> numbers = viewer.numbers(slot);
    for (int i = 1; i < numbers.size(); i++) {
      assertEquals(numbers.get(i - 1) + 1, numbers.get(i), viewer.id + " " + slot);
    }
  }

  @Test
  void shouldCrossToAWingOnlyWhileSomebodyThereIsShownIt() {
    Person ann = first.person("ann", 0, 1);
    ann.publish(TrackSource.CAMERA, false);
    Person near = first.person("near", 0, 1);
    settled();
    film(ann, 5);
    assertEquals(5, near.received("v0"));
    assertEquals(0, relayed(), "nobody is there");
    Person far = second.person("far", 0, 1);
    settled();
    film(ann, 5);
    assertEquals(5, far.received("v0"));
    assertEquals(5, relayed());
    far.leave();
    settled();
    film(ann, 5);
    assertEquals(5, relayed(), "nobody is there any more");
    Person again = second.person("again", 0, 1);
    settled();
    film(ann, 5);
    assertEquals(5, again.received("v0"));
    assertContinuous(again, "v0");
  }

  @Test
  void shouldMergeTheKeyFrameRequestsOfManyViewersElsewhere() {
    Person ann = first.person("ann", 0, 0);
    ann.publish(TrackSource.CAMERA, false);
    settled();
    ann.interFrame("cam", ++sequence);
    for (int i = 0; i < 50; i++) {
      second.person("viewer" + i, 0, 1);
    }
    wings.pass(100);
    assertTrue(second.counters.total(Counter.KEY_FRAMES_ASKED) >= 50);
    assertEquals(1, first.counters.total(Counter.KEY_FRAMES_REQUESTED));
    assertEquals(0, second.counters.total(Counter.KEY_FRAMES_REQUESTED));
    film(ann, 1);
    wings.pass(2_000);
    assertEquals(1, first.counters.total(Counter.KEY_FRAMES_REQUESTED));
  }

  @Test
  void shouldRepeatPacketsFromWhereTheyAreShown() {
    Person ann = first.person("ann", 0, 0);
    Person far = second.person("far", 0, 1);
    ann.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 10);
    int lost = far.numbers("v0").get(5);
    far.participant.onNack(far.slotSsrc(0), lost, 0, second.now);
    assertEquals(11, far.received("v0"));
    assertEquals(lost, far.numbers("v0").getLast());
    assertEquals(1, second.counters.total(Counter.RTX_SENT));
    assertEquals(0, first.counters.total(Counter.RTX_SENT));
    assertEquals(10, relayed());
  }

  @Test
  void shouldTellOfMutedAndEndedTracksEverywhere() {
    Person ann = first.person("ann", 1, 0);
    Person far = second.person("far", 1, 1);
    String cam = ann.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 3);
    first.room.mute(ann.participant, cam, true);
    settled();
    assertEquals("PAUSED ann-cam MUTED", far.shows("v0"));
    film(ann, 3);
    assertEquals(3, far.received("v0"));
    first.room.mute(ann.participant, cam, false);
    settled();
    assertTrue(far.shows("v0").startsWith("LIVE ann-cam"));
    ann.interFrame("cam", ++sequence);
    assertEquals(3, far.received("v0"), "from a key frame on");
    film(ann, 3);
    assertEquals(6, far.received("v0"));
    first.room.publish(
        ann.participant, new MediaRoom.TrackPublication("cam", "other", TrackSource.CAMERA, false));
    settled();
    assertEquals("LIVE other VIEW", far.shows("v0"));
    film(ann, 3);
    assertEquals(9, far.received("v0"));
    assertContinuous(far, "v0");
    first.room.unpublish(ann.participant, "other");
    settled();
    assertEquals("EMPTY - LEFT", far.shows("v0"));
    assertNothingCrosses();
  }

  @Test
  void shouldLetSomebodyLeaveOneWingAndComeToAnother() {
    Person ann = first.person("ann", 1, 1);
    Person far = second.person("far", 1, 1);
    ann.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 3);
    assertThrows(MediaException.class, () -> third.person("ann", 0, 0), "the id is taken");
    ann.leave();
    settled();
    assertEquals("EMPTY - LEFT", far.shows("v0"));
    Person again = third.person("ann", 1, 1);
    assertTrue(again.participant.csrc() != ann.participant.csrc());
    again.publish(TrackSource.CAMERA, false);
    settled();
    assertEquals("LIVE ann-cam VIEW", far.shows("v0"));
    film(again, 3);
    assertEquals(6, far.received("v0"));
    assertContinuous(far, "v0");
  }

  /** What was sent before it was known that nobody needs it any more. */
  @Test
  void shouldDropWhatIsOnItsWayWhenTheTrackEnds() {
    Person ann = first.person("ann", 0, 0);
    Person far = second.person("far", 0, 1);
    String cam = ann.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 3);
    first.room.unpublish(ann.participant, cam);
    Person bob = first.person("bob", 0, 0);
    bob.publish(TrackSource.CAMERA, false);
    settled();
    film(bob, 3);
    assertEquals(6, far.received("v0"));
    assertEquals(0, second.counters.total(DropReason.RTP_TOO_OLD));
  }

  @Test
  void shouldHearTheSameLoudestInAllWings() {
    List<Person> talkers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Person talker = wings.wing(i % 3).person("t" + i, 3, 0);
      talker.publish(TrackSource.MICROPHONE, false);
      talkers.add(talker);
    }
    List<Person> listeners = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      listeners.add(wings.wing(i).person("listener" + i, 3, 0));
    }
    settled();
    for (int i = 1; i <= 200; i++) {
      for (Person talker : talkers) {
        boolean loud = List.of("t2", "t4", "t6").contains(talker.id);
        talker.audio(i, loud ? LOUD : SILENCE);
      }
      wings.pass(20);
    }
    for (Person listener : listeners) {
      assertEquals(List.of("t2-mic", "t4-mic", "t6-mic"), heardBy(listener), listener.id);
    }
    assertEquals(List.of(), second.speakers, "told once");
    assertEquals(List.of(), third.speakers, "told once");
    assertEquals(
        List.of("t2", "t4", "t6"),
        first.speakers.getLast().stream()
            .map(MediaRoom.SpeakerLevel::participantId)
            .sorted()
            .toList());
  }

  private static List<String> heardBy(Person listener) {
    return List.of("a0", "a1", "a2").stream()
        .map(slot -> listener.shows(slot).split(" ", -1)[1])
        .sorted()
        .toList();
  }

  /** Who has fewer slots than others hears the dominant speaker first, wherever both are. */
  @Test
  void shouldGiveOneSlotToTheDominantSpeakerOfTheRoom() {
    Person quiet = first.person("quiet", 2, 0);
    Person loud = third.person("loud", 2, 0);
    Person listener = second.person("listener", 1, 0);
    quiet.publish(TrackSource.MICROPHONE, false);
    loud.publish(TrackSource.MICROPHONE, false);
    settled();
    for (int i = 1; i <= 150; i++) {
      quiet.audio(i, i % 50 < 5 ? QUIET : SILENCE);
      loud.audio(i, LOUD);
      wings.pass(20);
    }
    assertEquals("LIVE loud-mic SPEAKER", listener.shows("a0"));
  }

  @Test
  void shouldNotCarrySilenceAndLeaveNoGap() {
    Person ann = second.person("ann", 0, 0);
    Person far = third.person("far", 1, 0);
    ann.publish(TrackSource.MICROPHONE, false);
    settled();
    for (int i = 1; i <= 300; i++) {
      ann.audio(i, i > 50 && i < 250 ? SILENCE : LOUD);
      wings.pass(20);
    }
    assertEquals(
        third.counters.total(Counter.RTP_RELAYED), far.received("a0"), "all that came was heard");
    assertTrue(
        far.received("a0") > 100 && far.received("a0") < 180, "received " + far.received("a0"));
    assertContinuous(far, "a0");
  }

  @Test
  void shouldKeepAnEncodingThatIsWatchedElsewhereOnly() {
    Person ann = first.person("ann", 0, 0);
    Person far = second.person("far", 0, 1);
    ann.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 1);
    wings.pass(8_000);
    assertEquals(List.of(), ann.layers);
    second.room.view(far.participant, watching(true));
    wings.pass(8_000);
    assertEquals(List.of("cam[]"), ann.layers);
    second.room.view(far.participant, watching(true, "ann"));
    wings.pass(400);
    assertEquals(List.of("cam[]", "cam[0]"), ann.layers);
  }

  @Test
  void shouldKnowWhatIsPublishedBeforeAWingBegins() {
    Person ann = first.person("ann", 0, 0);
    ann.publish(TrackSource.CAMERA, true);
    Person screen = second.person("bob", 0, 0);
    screen.publish(TrackSource.SCREEN, false);
    settled();
    Person late = third.person("late", 0, 2);
    settled();
    assertEquals("LIVE bob-screen VIEW", late.shows("v0"));
    assertEquals("PAUSED ann-cam MUTED", late.shows("v1"));
  }

  @Test
  void shouldLeaveNothingBehindWhenTheRoomEnds() {
    Person ann = first.person("ann", 1, 1);
    Person bob = second.person("bob", 1, 1);
    ann.publish(TrackSource.CAMERA, false);
    bob.publish(TrackSource.CAMERA, false);
    settled();
    film(ann, 3);
    ann.interFrame("cam", ++sequence);
    first.room.close();
    second.room.close();
    third.room.close();
    wings.settle();
    assertEquals(1, second.counters.total(DropReason.RELAY_STALE), "what was on its way");
    for (int i = 0; i < 3; i++) {
      assertEquals(0, wings.wing(i).room.size());
      assertEquals(
          Map.of("id", "rm", "participants", List.of()),
          wings.wing(i).room.snapshot(first.now),
          "wing " + i);
    }
  }

  private void assertNothingCrosses() {
    long before = relayed();
    wings.pass(1_000);
    assertEquals(before, relayed());
  }

  @Test
  void shouldShowManyViewersTheirWishesWithoutDisturbingOthers() {
    Person ann = first.person("ann", 0, 0);
    Person bob = second.person("bob", 0, 0);
    ann.publish(TrackSource.CAMERA, false);
    bob.publish(TrackSource.CAMERA, false);
    List<Person> viewers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      viewers.add(wings.wing(i % 3).person("v" + i, 0, 1));
    }
    settled();
    for (int round = 0; round < 4; round++) {
      String wanted = round % 2 == 0 ? "bob" : "ann";
      for (int i = 0; i < viewers.size(); i++) {
        wings.wing(i % 3).room.view(viewers.get(i).participant, watching(false, wanted));
      }
      settled();
      film(ann, 2);
      film(bob, 2);
      for (Person viewer : viewers) {
        assertEquals("LIVE " + wanted + "-cam VIEW", viewer.shows("v0"), viewer.id);
        assertContinuous(viewer, "v0");
      }
    }
    assertEquals(4 * 2, viewers.getFirst().received("v0"));
  }
}
