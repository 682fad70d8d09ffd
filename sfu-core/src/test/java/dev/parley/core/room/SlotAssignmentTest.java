package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.core.fixtures.TestRoom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotAssignmentTest {
  private final TestRoom test = new TestRoom();
  private final List<Publication> cameras = new ArrayList<>();

  @BeforeEach
  void fourPeopleAndOneScreen() {
    for (String id : List.of("a", "b", "c", "d")) {
      TestRoom.Person person = test.person(id, 0, 0);
      person.publish(TrackSource.CAMERA, false);
      if (id.equals("d")) {
        person.publish(TrackSource.SCREEN, false);
      }
      cameras.addAll(person.participant.published());
    }
  }

  private static String names(List<@Nullable Publication> all) {
    return all.stream()
        .map(p -> p == null ? "-" : p.owner().id() + (p.source() == TrackSource.SCREEN ? "*" : ""))
        .collect(Collectors.joining(" "));
  }

  private static ViewWish wish(ViewWish.Layout layout, int most, String... wishes) {
    List<ViewWish.VideoWish> all = new ArrayList<>();
    for (String w : wishes) {
      // name, then ! for pinned, then a priority
      all.add(
          new ViewWish.VideoWish(
              w.substring(0, 1),
              w.contains("*") ? TrackSource.SCREEN : TrackSource.CAMERA,
              0,
              0,
              Character.isDigit(w.charAt(w.length() - 1)) ? w.charAt(w.length() - 1) - '0' : 0,
              w.contains("!")));
    }
    return new ViewWish(layout, all, 0, most, true, Optional.empty());
  }

  /** Places, layout, most, wishes, and what is wanted. */
  @ParameterizedTest
  @CsvSource({
    "9, GRID, 99, '', d* a b c d",
    "2, GRID, 99, '', d* a",
    "0, GRID, 99, '', ''",
    "9, GRID, 0, '', ''",
    "9, GRID, -1, '', ''",
    "9, NONE, 99, 'a', ''",
    "9, GRID, 3, '', d* a b",
    "9, GRID, 99, 'c', c d* a b d",
    "3, GRID, 99, 'c b', c b d*",
    "3, GRID, 99, 'a1 b3 c2', b c a",
    "3, GRID, 99, 'a9 b! c!2', c b a",
    "3, GRID, 99, 'x c x', c d* a",
    "2, GRID, 99, 'c c', c d*",
    "2, SPEAKER, 99, 'd*', d* a",
  })
  void shouldWantByWishThenScreenThenOrder(
      int places, ViewWish.Layout layout, int most, String wishes, String wanted) {
    ViewWish wish = wish(layout, most, wishes.isEmpty() ? new String[0] : wishes.split(" ", -1));
    assertEquals(wanted, names(new ArrayList<>(SlotAssignment.wantedVideo(wish, cameras, places))));
  }

  @Test
  void shouldPreferWhoSpokeLastAndPutMutedLast() {
    cameras.get(1).owner().spoke(100);
    cameras.get(2).owner().spoke(200);
    cameras.get(4).track().mute(true);
    assertEquals(
        "c b a d d*",
        names(new ArrayList<>(SlotAssignment.wantedVideo(ViewWish.AUTO, cameras, 9))));
  }

  @Test
  void shouldShowOnlyTheOneWhoIsWatched() {
    ViewWish only = new ViewWish(ViewWish.Layout.GRID, List.of(), 0, 99, true, Optional.of("b"));
    assertEquals("b", names(new ArrayList<>(SlotAssignment.wantedVideo(only, cameras, 9))));
    assertEquals(
        "b", names(new ArrayList<>(SlotAssignment.wantedAudio(only, p -> true, cameras, 9))));
  }

  @Test
  void shouldHearTheFirstInTheSpeakersOrder() {
    List<Publication> speakers = cameras.reversed();
    assertEquals(
        "d* d c",
        names(new ArrayList<>(SlotAssignment.wantedAudio(ViewWish.AUTO, p -> true, speakers, 3))));
    ViewWish deaf = new ViewWish(ViewWish.Layout.GRID, List.of(), 0, 9, false, Optional.empty());
    assertEquals(List.of(), SlotAssignment.wantedAudio(deaf, p -> true, cameras, 2));
  }

  /** What is shown, what is wanted, what is shown then; numbers are cameras. */
  @ParameterizedTest
  @CsvSource({
    "---, 012, abc",
    "ab-, 10, ab-",
    "ab-, 2, c--",
    "ab-, 21, cb-",
    "abc, '', ---",
    "abc, 0123, abc",
    "-b-, 301, dba",
  })
  void shouldKeepWhoIsShownInPlace(String shown, String wanted, String then) {
    @Nullable Publication[] now = new Publication[shown.length()];
    for (int i = 0; i < now.length; i++) {
      now[i] = shown.charAt(i) == '-' ? null : cameras.get(shown.charAt(i) - 'a');
    }
    List<Publication> wants = new ArrayList<>();
    for (int i = 0; i < wanted.length(); i++) {
      wants.add(cameras.get(wanted.charAt(i) - '0'));
    }
    String got = names(Arrays.asList(SlotAssignment.place(now, wants))).replace(" ", "");
    assertEquals(then, got);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldShowEachWantedOnceWhereverThereIsRoom(long seed) {
    Random random = new Random(seed);
    @Nullable Publication[] now = new Publication[3];
    for (int step = 0; step < 500; step++) {
      List<Publication> wants = new ArrayList<>(cameras);
      java.util.Collections.shuffle(wants, random);
      wants = wants.subList(0, random.nextInt(4));
      @Nullable Publication[] next = SlotAssignment.place(now, wants);
      for (int i = 0; i < now.length; i++) {
        Publication stays = now[i];
        if (stays != null && wants.contains(stays)) {
          assertEquals(stays, next[i], "seed " + seed + " step " + step);
        }
      }
      List<Publication> shown = new ArrayList<>();
      for (Publication p : next) {
        if (p != null) {
          shown.add(p);
        }
      }
      assertEquals(wants.size(), shown.size(), "seed " + seed + " step " + step);
      assertEquals(new java.util.HashSet<>(wants), new java.util.HashSet<>(shown));
      now = next;
    }
  }
}
