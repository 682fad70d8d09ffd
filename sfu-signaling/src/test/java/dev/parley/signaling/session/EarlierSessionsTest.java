package dev.parley.signaling.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.wire.Request;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EarlierSessionsTest {
  private static final long START_MS = 1_000_000;
  private static final SavedSession ANNA =
      new SavedSession(
          "se_1",
          "anonymous-anna",
          List.of(ResumeToken.of("latest").hashText(), ResumeToken.of("before").hashText()));

  private final EarlierSessions earlier = new EarlierSessions();

  private Optional<String> shown(String sessionId, String token, long nowMs) {
    return earlier.identityOf(new Request.Resume(sessionId, token, 0), nowMs);
  }

  @Test
  void shouldKnowWhoShowsATokenOfItsSession() {
    earlier.restore(List.of(ANNA), START_MS);
    assertEquals(Optional.of("anonymous-anna"), shown("se_1", "latest", START_MS));
    assertEquals(Optional.of("anonymous-anna"), shown("se_1", "before", START_MS));
    assertEquals(Optional.empty(), shown("se_1", "guessed", START_MS));
    assertEquals(Optional.empty(), shown("se_2", "latest", START_MS));
  }

  @Test
  void shouldForgetEverybodyWhenPlacesAreKeptNoLonger() {
    earlier.restore(List.of(ANNA), START_MS);
    long lastMs = START_MS + Admission.RECOVERY_MS - 1;
    assertEquals(List.of(ANNA), earlier.save(lastMs));
    assertEquals(Optional.of("anonymous-anna"), shown("se_1", "latest", lastMs));
    assertEquals(Optional.empty(), shown("se_1", "latest", lastMs + 1));
    assertEquals(List.of(), earlier.save(lastMs + 1));
  }

  @Test
  void shouldTakeNothingForAHashThatIsNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SavedSession("se_1", "anonymous-anna", List.of("c2hvcnQ=")));
  }
}
