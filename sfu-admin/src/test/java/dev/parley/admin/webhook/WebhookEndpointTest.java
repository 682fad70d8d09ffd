package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookEndpointTest {
  private static WebhookEndpoint endpoint(List<String> events, List<String> rooms) {
    return new WebhookEndpoint(
        "crm",
        WebhookEndpoint.url("https://crm.example/hook"),
        List.of(Tests.SECRET),
        events,
        rooms);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "room.*, '', true",
    "room.changed, '', true",
    "room.opened, '', false",
    "queue.*, '', false",
    "*, clinic-*, true",
    "room.*, clinic-1, true",
    "room.*, clinic, false",
    "room.*, *, true"
  })
  void shouldWantWhatItsPatternsSay(String events, String rooms, boolean wants) {
    assertEquals(
        wants,
        endpoint(
                events.isEmpty() ? List.of() : List.of(events),
                rooms.isEmpty() ? List.of() : List.of(rooms))
            .wants(Tests.event("clinic-1", 1)));
  }

  @Test
  void shouldRefuseTypesThatNoEventHas() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> endpoint(List.of("rooms.*"), List.of()));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("events: rooms.*"));
    assertThrows(IllegalArgumentException.class, () -> endpoint(List.of(), List.of("a b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "crm.example",
        "ftp://crm.example/",
        "https:///hook",
        "https://crm.example/#part",
        "https://user:word@crm.example/",
        "https://crm example/"
      })
  void shouldRefuseUrlsThatNothingCanBeSentTo(String url) {
    assertThrows(IllegalArgumentException.class, () -> WebhookEndpoint.url(url));
  }

  @ParameterizedTest
  @CsvSource({
    "https://crm.example, crm.example, 443, /, https://crm.example",
    "http://crm.example:8080/a?key=b, crm.example, 8080, /a?key=b, http://crm.example:8080/a",
    "https://[2001:db8::1]/a%20b, 2001:db8::1, 443, /a%20b, https://[2001:db8::1]/a%20b"
  })
  void shouldTakeAUrlApart(String url, String host, int port, String target, String shown) {
    WebhookEndpoint endpoint = Tests.endpoint("crm", url);
    assertEquals(host, endpoint.host());
    assertEquals(port, endpoint.port());
    assertEquals(target, endpoint.target());
    assertEquals(shown, endpoint.shownUrl());
  }
}
