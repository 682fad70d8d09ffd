package dev.parley.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chat, data messages and what people say about themselves. */
final class ConversationTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        new TestServer(
            TestServer.with(
                TestServer.limits(50, 1000, 1000, 1000, Duration.ofSeconds(10), 100),
                Optional.empty(),
                Duration.ofSeconds(30)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String id(JsonNode joined) {
    return joined.at("/self/id").asText();
  }

  @Test
  void shouldBringAMessageToEverybodyInOneOrder() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    String annaId = id(anna.join("chat", ",\"displayName\":\"Anna\""));
    ben.join("chat", "");
    anna.event("participant.joined");
    int id = anna.send("chat.send", "{\"text\":\" hello\\nall\\u0007 \",\"clientMsgId\":\"m1\"}");
    JsonNode own = anna.event("chat.message");
    JsonNode reply = anna.next();
    assertEquals(id, reply.path("id").asInt());
    JsonNode message = ben.event("chat.message");
    assertEquals(own, message);
    assertEquals("hello\nall", message.path("text").asText());
    assertEquals(annaId, message.at("/from/participantId").asText());
    assertEquals("Anna", message.at("/from/displayName").asText());
    assertEquals("m1", message.path("clientMsgId").asText());
    assertEquals(message.path("msgId"), reply.at("/data/msgId"));
    assertTrue(reply.at("/data/at").asText().endsWith("Z"));
  }

  @Test
  void shouldTakeAMessageSaidTwiceForOne() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("twice", "");
    ben.join("twice", "");
    anna.event("participant.joined");
    String text = "{\"text\":\"once\",\"clientMsgId\":\"x\"}";
    anna.send("chat.send", text);
    anna.event("chat.message");
    String first = anna.next().at("/data/msgId").asText();
    assertEquals(first, anna.ok("chat.send", text).path("msgId").asText());
    ben.event("chat.message");
    assertTrue(ben.isQuiet());
  }

  @Test
  void shouldWhisper() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    TestClient cleo = server.greeted();
    anna.join("whisper", "");
    String benId = id(ben.join("whisper", ""));
    cleo.join("whisper", "");
    anna.event("participant.joined");
    anna.event("participant.joined");
    ben.event("participant.joined");
    anna.send("chat.send", "{\"text\":\"psst\",\"to\":\"" + benId + "\"}");
    assertEquals(benId, anna.event("chat.message").path("to").asText());
    anna.next();
    assertEquals("psst", ben.event("chat.message").path("text").asText());
    assertTrue(cleo.isQuiet());
    TestClient later = server.greeted();
    assertEquals(0, later.join("whisper", "").path("chat").size());
  }

  @Test
  void shouldKeepTheLastHundredMessagesForThoseWhoComeLater() {
    TestClient anna = server.greeted();
    anna.join("history", "");
    for (int i = 0; i < 105; i++) {
      anna.send("chat.send", "{\"text\":\"" + i + "\"}");
      anna.event("chat.message");
      anna.next();
    }
    JsonNode chat = server.greeted().join("history", "").path("chat");
    assertEquals(100, chat.size());
    assertEquals("5", chat.at("/0/text").asText());
    assertEquals("104", chat.at("/99/text").asText());
  }

  @Test
  void shouldPassDataOnToAllOrToOne() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    TestClient cleo = server.greeted();
    String annaId = id(anna.join("data", ""));
    String benId = id(ben.join("data", ""));
    cleo.join("data", "");
    anna.event("participant.joined");
    anna.event("participant.joined");
    ben.event("participant.joined");
    anna.ok("data.send", "{\"topic\":\"draw\",\"payload\":{\"x\":[1,null,\"é\"]}}");
    JsonNode data = ben.event("data.message");
    assertEquals(annaId, data.path("from").asText());
    assertEquals("draw", data.path("topic").asText());
    assertEquals("{\"x\":[1,null,\"é\"]}", data.path("payload").toString());
    cleo.event("data.message");
    anna.ok("data.send", "{\"payload\":7,\"to\":\"" + benId + "\"}");
    assertEquals(7, ben.event("data.message").path("payload").asInt());
    assertTrue(cleo.isQuiet());
    assertTrue(anna.isQuiet());
  }

  @Test
  void shouldTellOthersOfANewNameAndRaisedHand() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("hands", ",\"attributes\":{\"a\":\"1\",\"b\":\"2\"}");
    ben.join("hands", "");
    anna.event("participant.joined");
    int id =
        anna.send(
            "participant.update",
            "{\"displayName\":\"Anne\",\"attributes\":{\"hand\":\"up\",\"b\":\"\"}}");
    anna.event("participant.updated");
    assertEquals(id, anna.next().path("id").asInt());
    JsonNode update = ben.event("participant.updated").path("participant");
    assertEquals("Anne", update.path("displayName").asText());
    assertEquals("{\"a\":\"1\",\"hand\":\"up\"}", update.path("attributes").toString());
    assertEquals(
        "up", server.greeted().join("hands", "").at("/participants/0/attributes/hand").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chat.send | {} | text",
        "chat.send | {\"text\":7} | text",
        "chat.send | {\"text\":\" \"} | text",
        "chat.send | {\"text\":\"a\",\"to\":\"Ben\"} | to",
        "chat.send | {\"text\":\"a\",\"to\":\"pa_nobody\"} | ",
        "chat.send | {\"text\":\"a\",\"clientMsgId\":[]} | clientMsgId",
        "data.send | {} | payload",
        "data.send | {\"payload\":null} | payload",
        "data.send | {\"payload\":1,\"topic\":{}} | topic",
        "data.send | {\"payload\":1,\"to\":\"pa_nobody\"} | ",
        "participant.update | {\"displayName\":7} | displayName",
        "participant.update | {\"attributes\":{\"a\":7}} | attributes",
        "participant.update | {\"attributes\":[]} | attributes",
      })
  void shouldRefuseWhatIsWrongAndChangeNothing(String type, String data, String field) {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    anna.join("wrong", "");
    ben.join("wrong", "");
    anna.event("participant.joined");
    JsonNode error = anna.request(type, data).path("error");
    assertEquals("bad_request", error.path("code").asText());
    if (field != null) {
      assertEquals(field, error.at("/details/field").asText());
    }
    assertTrue(anna.isQuiet());
    assertTrue(ben.isQuiet());
    ben.ok("bye", "{}");
    anna.event("participant.left");
    anna.ok("bye", "{}");
  }

  @Test
  void shouldRefuseTextsThatAreTooLong() {
    TestClient anna = server.greeted();
    anna.join("long", "");
    assertEquals(
        "bad_request", anna.errorCode("chat.send", "{\"text\":\"" + "x".repeat(2001) + "\"}"));
    assertEquals(
        "bad_request",
        anna.errorCode("data.send", "{\"payload\":\"" + "x".repeat(16 << 10) + "\"}"));
    assertTrue(anna.isQuiet());
  }

  @ParameterizedTest
  @CsvSource({
    "chat.send, '{\"text\":\"a\"}'",
    "data.send, '{\"payload\":1}'",
    "participant.update, '{}'",
    "stats, '{}'",
    "mod.lock, '{\"locked\":true}'",
  })
  void shouldAskForARoomFirst(String type, String data) {
    assertEquals("not_in_room", server.greeted().errorCode(type, data));
  }

  @Test
  void shouldNotSayWhetherAStrangerIsThere() {
    TestClient anna = server.greeted();
    TestClient ben = server.greeted();
    String annaId = id(anna.join("here", ""));
    ben.join("there", "");
    JsonNode error =
        ben.request("chat.send", "{\"text\":\"a\",\"to\":\"" + annaId + "\"}").path("error");
    assertEquals("bad_request", error.path("code").asText());
    assertFalse(error.path("message").asText().contains("Anna"));
    assertTrue(anna.isQuiet());
  }
}
