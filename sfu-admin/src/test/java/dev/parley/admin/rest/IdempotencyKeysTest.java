package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IdempotencyKeysTest {
  private long nowMs = 1_000_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
  private final IdempotencyKeys keys = new IdempotencyKeys(3, clock);

  @Test
  void shouldAnswerTheSameAgain() {
    assertTrue(keys.begin("k", "POST /a").isEmpty());
    Answer made = new Answer(201, Map.of("Location", "/a/1"), Map.of("id", 1));
    keys.done("k", made);
    Answer again = keys.begin("k", "POST /a").orElseThrow();
    assertEquals(201, again.status());
    assertEquals(made.body(), again.body());
    assertEquals("/a/1", again.headers().get("Location"));
    assertEquals("true", again.headers().get("Idempotent-Replayed"));
  }

  @Test
  void shouldNotCarryOutWhatIsUnderWay() {
    assertTrue(keys.begin("k", "POST /a").isEmpty());
    assertEquals(409, keys.begin("k", "POST /a").orElseThrow().status());
  }

  @Test
  void shouldRefuseAKeyForAnotherRequest() {
    keys.begin("k", "POST /a");
    keys.done("k", Answer.DONE);
    assertEquals(422, keys.begin("k", "POST /b").orElseThrow().status());
  }

  @Test
  void shouldForgetWhatWasNotDone() {
    for (int status : new int[] {409, 412, 428, 500}) {
      assertTrue(keys.begin("k", "POST /a").isEmpty());
      keys.done("k", Answer.problem(status, "code", "not now"));
    }
    assertEquals(0, keys.size());
  }

  @Test
  void shouldForgetAfterADay() {
    keys.begin("k", "POST /a");
    keys.done("k", Answer.DONE);
    nowMs += IdempotencyKeys.KEPT_MS - 1;
    assertTrue(keys.begin("k", "POST /a").isPresent());
    nowMs += 1;
    assertTrue(keys.begin("k", "POST /a").isEmpty());
  }

  @Test
  void shouldRememberTheLatestOnly() {
    for (int i = 0; i < 10; i++) {
      keys.begin("k" + i, "POST /a");
      keys.done("k" + i, Answer.DONE);
    }
    assertEquals(3, keys.size());
    assertTrue(keys.begin("k9", "POST /a").isPresent());
    assertTrue(keys.begin("k0", "POST /a").isEmpty());
  }
}
