package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GateTest {
  private final Gate guarded =
      new Gate(
          List.of(
              new AdminToken("a", "0123456789abcdef", AdminRole.READ),
              new AdminToken("b", "fedcba9876543210", AdminRole.OPERATE)));

  @Test
  void shouldKnowWhoHasAToken() {
    assertEquals(
        Optional.of(new Gate.Caller("a", AdminRole.READ)), guarded.byToken("0123456789abcdef"));
    assertEquals(
        Optional.of(new Gate.Caller("b", AdminRole.OPERATE)), guarded.byToken("fedcba9876543210"));
    assertTrue(guarded.byToken("0123456789abcdeF").isEmpty());
    assertTrue(guarded.byToken("").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"true,false,true", "true,true,false", "false,false,false", "false,true,false"})
  void shouldTrustTheLoopbackOnlyWithoutTokens(boolean loopback, boolean forwarded, boolean may) {
    assertEquals(may, new Gate(List.of()).byAddress(loopback, forwarded).isPresent());
    assertTrue(guarded.byAddress(loopback, forwarded).isEmpty());
  }

  @Test
  void shouldNotTakeATokenThatCouldBeGuessed() {
    assertThrows(
        IllegalArgumentException.class, () -> new AdminToken("a", "short", AdminRole.READ));
  }
}
