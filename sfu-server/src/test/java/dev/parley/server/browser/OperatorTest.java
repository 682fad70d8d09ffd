package dev.parley.server.browser;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A call as the operator sees it on the admin port. */
@Tag("browser")
@ExtendWith(Studio.Extension.class)
class OperatorTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void shouldCountACallAndHaveNothingLeftAfterIt(Studio studio) {
    TestServer server = studio.server();
    awaitPage(server, "/metrics", "sfu_participants 0.0");
    String room = Studio.newRoom();
    Caller ann = studio.enter(studio.chromium(), room, "Ann");
    Caller ben = studio.enter(studio.chromium(), room, "Ben");
    ben.seesMoving(ann);

    awaitPage(
        server,
        "/metrics",
        "sfu_rooms 1.0",
        "sfu_participants 2.0",
        "sfu_signaling_connections 2.0");
    awaitPage(server, "/debug", room, ann.report().participantId(), ben.report().participantId());
    awaitPage(
        server,
        "/v1/rooms/" + room + "/participants/" + ben.report().participantId(),
        "\"displayName\":\"Ben\"",
        "\"transport\"",
        "\"bandwidth\"",
        "\"slots\"",
        "\"roundTripMs\"");
    awaitPage(server, "/v1/server", "\"participants\":2", "\"ready\":true");

    ben.click("leave");
    studio.sendHome(ann);

    awaitPage(
        server,
        "/metrics",
        "sfu_rooms 0.0",
        "sfu_participants 0.0",
        "sfu_signaling_connections 0.0");
  }

  private static void awaitPage(TestServer server, String path, String... parts) {
    Await.until(
        "%s with %s".formatted(path, List.of(parts)),
        LIMIT,
        () -> server.adminPage(path),
        page -> page.startsWith("HTTP 200") && List.of(parts).stream().allMatch(page::contains),
        page -> page);
  }
}
