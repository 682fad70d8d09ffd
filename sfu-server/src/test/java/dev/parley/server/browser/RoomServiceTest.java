package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a room promises, in Chromium: sockets and networks break, rooms change, people wait. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class RoomServiceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int SWITCHES = 10;

  private static JsonNode visit(Caller caller) {
    try {
      return JSON.readTree(caller.tab().evaluate("JSON.stringify(window.parley.report())"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode await(Caller caller, String what, Predicate<JsonNode> right) {
    return Await.until(
        caller.name() + ": " + what, LIMIT, () -> visit(caller), right, JsonNode::toPrettyString);
  }

  private static void debug(Caller caller, String call) {
    String unused =
        caller.tab().evaluate("Promise.resolve(window.parley.debug." + call + ").then(() => '')");
  }

  private static List<String> texts(Caller caller) {
    List<String> texts = new ArrayList<>();
    visit(caller).path("chat").forEach(message -> texts.add(message.path("text").asText()));
    return texts;
  }

  private static long frames(Caller viewer, Caller sender) {
    CallReport report = viewer.report();
    return report.tile(sender.name(), Caller.CAMERA).map(report::frames).orElse(0L);
  }

  @Test
  void shouldKeepTheCallWhileTheSocketIsGoneForTwentySeconds(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterSmall(room, "Ann", "");
    Caller ben = studio.enterSmall(room, "Ben", "");
    ann.seesMoving(ben);
    ben.seesMoving(ann);
    debug(ben, "sendChat('before')");
    await(ann, "the first message", now -> now.path("chat").size() == 1);

    debug(ann, "dropSocket(20000)");
    List<Long> atAnn = new ArrayList<>();
    List<Long> atBen = new ArrayList<>();
    for (int second = 0; second < 18; second++) {
      atAnn.add(frames(ann, ben));
      atBen.add(frames(ben, ann));
      if (second % 6 == 3) {
        debug(ben, "sendChat('while away " + second + "')");
      }
      Await.pause(Duration.ofSeconds(1));
    }
    assertEquals("reconnecting", visit(ann).path("state").asText());
    for (int second = 3; second < 18; second += 3) {
      int at = second;
      assertTrue(atAnn.get(at) > atAnn.get(at - 3), () -> "frames at Ann: " + atAnn);
      assertTrue(atBen.get(at) > atBen.get(at - 3), () -> "frames at Ben: " + atBen);
    }

    JsonNode back = await(ann, "to be back", now -> now.path("state").asText().equals("joined"));
    debug(ben, "sendChat('after')");
    await(ann, "the last message", now -> texts(ann).contains("after"));
    assertEquals(
        List.of("before", "while away 3", "while away 9", "while away 15", "after"), texts(ann));
    assertEquals(texts(ben), texts(ann));
    assertEquals(0, back.at("/metrics/eventsMissed").asInt(), back::toPrettyString);
    assertEquals(0, back.at("/metrics/eventsRepeated").asInt(), back::toPrettyString);
    assertEquals(1, ann.report().peers().size());
    assertEquals(1, ann.report().offers());
    ann.seesOnly(ben);
    ben.seesOnly(ann);
  }

  @Test
  void shouldSwitchRoomsTenTimesWithOneConnection(Studio studio) {
    List<String> rooms = List.of(Studio.newRoom(), Studio.newRoom());
    Caller anna = studio.enterSmall(rooms.get(0), "Anna", "");
    Caller bert = studio.enterSmall(rooms.get(1), "Bert", "");
    Caller walker = studio.enterSmall(rooms.get(0), "Walker", "");
    walker.seesMoving(anna);
    String elements = "String(document.querySelectorAll('video,audio').length)";
    String before = walker.tab().evaluate(elements);
    for (int i = 1; i <= SWITCHES; i++) {
      debug(walker, "switchTo('" + rooms.get(i % 2) + "')");
      Caller there = i % 2 == 0 ? anna : bert;
      Caller notThere = i % 2 == 0 ? bert : anna;
      walker.seesMoving(there);
      there.seesMoving(walker);
      notThere.seesOnly();
    }
    assertEquals(before, walker.tab().evaluate(elements), "media elements");
    walker.talksOnlyToTheServer(studio.server());
  }

  @Test
  void shouldRestartIceWithoutAnotherOffer(Studio studio) {
    String room = Studio.newRoom();
    Caller ann = studio.enterSmall(room, "Ann", "");
    Caller ben = studio.enterSmall(room, "Ben", "");
    ann.seesMoving(ben);
    debug(ann, "restartIce()");
    await(ann, "a restart", now -> now.at("/metrics/iceRestarts").asInt() == 1);
    ann.seesMoving(ben);
    ben.seesMoving(ann);
    CallReport report = ann.report();
    assertEquals(1, report.peers().size());
    assertEquals(1, report.sockets());
    assertEquals(1, report.diagnostics().path("offersCreated").asInt());
    assertEquals("joined", visit(ann).path("state").asText());
  }

  @Test
  void shouldLetTheQueueRunThroughByItself(Studio studio) {
    String room = TestServer.QUEUED_ROOM;
    Caller first = studio.approach(room, "First").joined();
    Caller second = studio.approach(room, "Second").joined();
    List<Caller> waiting = new ArrayList<>();
    for (String name : List.of("Third", "Fourth", "Fifth")) {
      Caller next = studio.approach(room, name);
      JsonNode ticket =
          await(next, "a ticket", now -> now.path("waiting").hasNonNull("ticket"))
              .at("/waiting/ticket");
      assertEquals(waiting.size() + 1, ticket.path("position").asInt(), ticket::toString);
      assertEquals("timer", ticket.at("/eta/basis").asText(), ticket::toString);
      waiting.add(next);
    }
    List<String> order = new ArrayList<>();
    while (order.size() < waiting.size()) {
      for (Caller next : waiting) {
        if (!order.contains(next.name()) && visit(next).path("state").asText().equals("joined")) {
          order.add(next.name());
        }
      }
      Await.pause(Duration.ofMillis(100));
    }
    assertEquals(List.of("Third", "Fourth", "Fifth"), order);
    for (Caller gone : List.of(first, second)) {
      await(gone, "to have gone", now -> now.path("state").asText().equals("left"));
    }
    for (Caller next : waiting) {
      await(next, "to have gone", now -> now.path("state").asText().equals("left"));
    }
  }
}
