package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebhookRestTest {
  private static final String CRM = "/v1/webhooks/crm";

  private RunningServer server;

  @BeforeEach
  void start() {
    server = new RunningServer(List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldShowEndpointsWithoutWhatOnlyTheyMayKnow() {
    JsonNode crm = server.get("/v1/webhooks").body().at("/webhooks/0");
    assertEquals("crm", crm.path("name").asText());
    assertEquals("http://127.0.0.1:1/hook", crm.path("url").asText());
    assertEquals("ok", crm.path("state").asText());
    assertEquals("hooked", crm.at("/rooms/0").asText());
    assertFalse(server.get(CRM).body().toString().contains("whsec"));
    assertEquals(404, server.get("/v1/webhooks/nobody").status());
    assertEquals(404, server.post("/v1/webhooks/nobody:pause", "").status());
  }

  @Test
  void shouldKeepEventsOfAPausedEndpointPageByPage() {
    assertEquals(204, server.post(CRM + ":pause", "").status());
    assertEquals("paused", server.get(CRM).body().path("state").asText());
    server.post("/v1/rooms", "{\"name\":\"hooked\"}");
    server.post("/v1/rooms/hooked:lock", "");
    server.post("/v1/rooms/hooked:end", "");
    String all = CRM + "/deliveries?state=pending&limit=2";
    // Rooms run on another thread than webhooks: the answer above may be first.
    JsonNode first = server.get(all).body();
    while (!first.has("nextCursor")) {
      first = server.get(all).body();
    }
    assertEquals("room.opened", first.at("/deliveries/0/type").asText());
    assertEquals("moderation", first.at("/deliveries/1/type").asText());
    JsonNode next = server.get(all + "&cursor=" + first.path("nextCursor").asText()).body();
    assertTrue(next.path("deliveries").size() > 0, next.toString());
    assertEquals(0, next.at("/deliveries/0/attempts").asInt());
    assertEquals(0, server.get(CRM + "/deliveries?state=failed").body().path("deliveries").size());
    assertEquals(400, server.get(CRM + "/deliveries?state=lost").status());
    assertEquals(404, server.get("/v1/webhooks/nobody/deliveries").status());
  }

  @Test
  void shouldSayWhatCameOfATest() {
    RunningServer.Reply reply = server.post(CRM + ":test", "");
    assertEquals(200, reply.status());
    assertFalse(reply.body().path("delivered").asBoolean());
    assertTrue(reply.body().path("error").asText().startsWith("no connection"));
  }

  @Test
  void shouldReplayWhatIsAskedForAndNothingUnclear() {
    assertEquals(0, server.post(CRM + ":replay", "").body().path("queued").asInt());
    assertEquals(
        200, server.post(CRM + ":replay", "{\"since\":\"2026-01-01T00:00:00Z\"}").status());
    assertEquals(400, server.post(CRM + ":replay", "{\"since\":\"yesterday\"}").status());
    assertEquals(400, server.post(CRM + ":replay", "{\"eventIds\":[\"7\"]}").status());
    String both =
        "{\"since\":\"2026-01-01T00:00:00Z\",\"eventIds\":[\"msg_" + "0".repeat(28) + "\"]}";
    assertEquals("since", server.post(CRM + ":replay", both).body().path("field").asText());
  }
}
