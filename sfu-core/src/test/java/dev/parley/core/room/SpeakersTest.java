package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.TrackSource;
import dev.parley.core.fixtures.TestRoom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpeakersTest {
  private static final long MILLI = 1_000_000;
  private static final int SILENCE = 127;

  private final TestRoom test = new TestRoom();
  private final Speakers speakers = new Speakers();
  private final List<Publication> people = new ArrayList<>();
  private long now = 1_000 * MILLI;

  private void people(int count) {
    for (int i = 0; i < count; i++) {
      TestRoom.Person person = test.person("p" + i, 0, 0);
      person.publish(TrackSource.MICROPHONE, false);
      Publication p = person.participant.published().getFirst();
      people.add(p);
      speakers.add(p);
    }
  }

  /** Everyone at these levels (-dBov) for a time; says how often the heard ones changed. */
  private int talk(int places, int millis, java.util.function.IntUnaryOperator level) {
    int changes = 0;
    Set<Publication> heard = heard(places);
    for (int t = 0; t < millis; t += 20) {
      for (int i = 0; i < people.size(); i++) {
        int l = level.applyAsInt(i);
        if (l >= 0) {
          people.get(i).loudness().onLevel(l, now);
        }
      }
      now += 20 * MILLI;
      if (now >= speakers.nextTimeoutNanos()) {
        speakers.update(Math.min(places, people.size()), now);
        changes += heard(places).equals(heard) ? 0 : 1;
        heard = heard(places);
      }
    }
    return changes;
  }

  private Set<Publication> heard(int places) {
    return new HashSet<>(speakers.order().subList(0, places));
  }

  @Test
  void shouldHearWhoeverBeginsToTalkInQuietRoomAtOnce() {
    people(20);
    talk(3, 1000, i -> SILENCE);
    talk(3, 300, i -> i == 17 ? 20 : SILENCE);
    assertTrue(heard(3).contains(people.get(17)));
  }

  @Test
  void shouldHearTheLoudestOfTwentyTalkersWithinThreeSeconds() {
    people(20);
    talk(3, 3_000, i -> i >= 17 ? 12 : 38);
    assertEquals(new HashSet<>(people.subList(17, 20)), heard(3));
  }

  @Test
  void shouldNotFlapBetweenTalkersWhoseLevelsWander() {
    long seed = 7;
    Random random = new Random(seed);
    people(20);
    talk(3, 3_000, i -> 20 + random.nextInt(20));
    int changes = talk(3, 20_000, i -> 10 + random.nextInt(40));
    assertTrue(changes <= 4 * 20, changes + " changes of three places in 20 s, seed " + seed);
  }

  @Test
  void shouldHoldNewcomerForOneSecondAgainstLouderOldTalkers() {
    people(2);
    talk(1, 5_000, i -> 20);
    int[] turn = {0};
    int changes =
        talk(
            1,
            10_000,
            i -> {
              boolean first = turn[0]++ / 2 / 15 % 2 == 0;
              return i == 0 == first ? 5 : 40;
            });
    assertTrue(changes <= 10, changes + " changes in 10 s");
  }

  @Test
  void shouldNotTakeThePlaceOfTalkerForSomeoneAboutAsLoud() {
    people(6);
    talk(3, 2_000, i -> i < 3 ? 25 : SILENCE);
    Set<Publication> before = heard(3);
    assertEquals(0, talk(3, 10_000, i -> i < 3 ? 25 : 22));
    assertEquals(before, heard(3));
  }

  @Test
  void shouldKeepTalkerThroughShortPauses() {
    people(6);
    talk(3, 2_000, i -> i < 3 ? 25 : SILENCE);
    assertEquals(0, talk(3, 400, i -> SILENCE));
    for (Publication p : people.subList(0, 3)) {
      assertTrue(p.loudness().talking());
    }
  }

  @Test
  void shouldNotHearMutedOnesWhereOthersTalk() {
    people(5);
    for (int i = 0; i < 3; i++) {
      people.get(i).track().mute(true);
    }
    talk(3, 500, i -> i >= 3 ? 25 : -1);
    assertTrue(heard(3).containsAll(people.subList(3, 5)));
  }

  @Test
  void shouldEndTalkingWhenPacketsStop() {
    people(1);
    talk(1, 1_000, i -> 20);
    assertTrue(people.getFirst().loudness().talking());
    talk(1, 700, i -> -1);
    assertFalse(people.getFirst().loudness().talking());
    assertEquals(0, people.getFirst().loudness().level());
  }

  @Test
  void shouldMeasureLevelFromZeroToOne() {
    Loudness loudness = new Loudness();
    for (int i = 0; i < 200; i++) {
      loudness.onLevel(0, i * 20L * MILLI);
    }
    assertEquals(1, loudness.level(), 0.01);
    for (int i = 200; i < 400; i++) {
      loudness.onLevel(127, i * 20L * MILLI);
    }
    assertEquals(0, loudness.level(), 0.01);
  }

  @Test
  void shouldTellTheLoudestInOrderBehindTheDominantOne() {
    people(15);
    talk(3, 1_000, i -> 20 + i);
    var news = Objects.requireNonNull(speakers.news(now));
    assertEquals(10, news.size());
    for (int i = 2; i < news.size(); i++) {
      assertTrue(news.get(i - 1).level() >= news.get(i).level());
    }
    assertEquals(null, speakers.news(now + 600 * MILLI), "nothing has changed");
  }

  @Test
  void shouldForgetRemovedTracks() {
    people(3);
    talk(1, 500, i -> 20);
    for (Publication p : people) {
      speakers.remove(p);
    }
    assertEquals(List.of(), speakers.order());
    assertFalse(speakers.update(0, now));
  }

  @Test
  void shouldTellWhoTalksOnBeforeWhoTypes() {
    people(3);
    SplittableRandom random = new SplittableRandom(3);
    int[] packets = {0};
    talk(3, 6_000, i -> i == 1 ? speech(packets[0]++, random) : i == 2 ? typing(random) : 80);

    var news = Objects.requireNonNull(speakers.news(now));

    assertEquals("p1", news.getFirst().participantId());
    assertTrue(people.get(1).owner().speaking(now));
    assertFalse(people.get(2).owner().speaking(now));
  }

  /** Syllables of 200 ms, and pauses of 80. */
  private static int speech(int packet, SplittableRandom random) {
    return packet % 14 < 10 ? 22 + random.nextInt(15) : 70;
  }

  /** Loud for a packet, now and then. */
  private static int typing(SplittableRandom random) {
    return random.nextInt(10) == 0 ? 20 : 75;
  }

  @Test
  void shouldHearTracksWithoutLevelsBehindThoseThatHaveThem() {
    people(4);
    for (int t = 0; t < 50; t++) {
      people.get(3).loudness().onUnknownLevel(80, now);
      talk(2, 20, i -> SILENCE - (i == 3 ? 128 : 0));
    }
    assertTrue(people.get(3).loudness().talking());
    assertTrue(heard(2).contains(people.get(3)));
    talk(2, 2_000, i -> i < 2 ? 30 : -1);
    assertEquals(Set.copyOf(people.subList(0, 2)), heard(2));
  }

  @Test
  void shouldSpareLongSilenceOnly() {
    Loudness loudness = new Loudness();
    int spared = 0;
    for (int i = 0; i < 500; i++, now += 20 * MILLI) {
      loudness.onLevel(SILENCE, now);
      spared += loudness.spare(now) ? 1 : 0;
    }
    assertEquals(475, spared, "one of 20 is sent");
    loudness.onLevel(60, now);
    assertFalse(loudness.spare(now), "the beginning of a word");
    for (int i = 0; i < 45; i++, now += 20 * MILLI) {
      loudness.onLevel(SILENCE, now);
      assertFalse(loudness.spare(now), "a pause between words");
    }
  }
}
