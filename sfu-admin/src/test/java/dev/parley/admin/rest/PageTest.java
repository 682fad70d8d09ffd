package dev.parley.admin.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PageTest {
  private static Map<String, Object> page(List<String> all, int limit, Optional<String> cursor) {
    return Page.of(Optional.of(Integer.toString(limit)), cursor)
        .orElseThrow()
        .of("names", all, name -> name, name -> Map.of("name", name));
  }

  @Test
  void shouldReadAllWithoutAGapThoughPeopleComeAndGo() {
    List<String> all = new ArrayList<>(List.of("d", "a", "c", "b", "e"));
    Map<String, Object> first = page(all, 2, Optional.empty());
    assertEquals(List.of(Map.of("name", "a"), Map.of("name", "b")), first.get("names"));
    all.remove("b");
    all.add("aa");
    Map<String, Object> second = page(all, 2, Optional.of(String.valueOf(first.get("nextCursor"))));
    assertEquals(List.of(Map.of("name", "c"), Map.of("name", "d")), second.get("names"));
    Map<String, Object> last = page(all, 2, Optional.of(String.valueOf(second.get("nextCursor"))));
    assertEquals(List.of(Map.of("name", "e")), last.get("names"));
    assertFalse(last.containsKey("nextCursor"));
  }

  @Test
  void shouldNotSendAnybodyToAnEmptyPage() {
    assertFalse(page(List.of("a", "b"), 2, Optional.empty()).containsKey("nextCursor"));
  }

  @ParameterizedTest
  @CsvSource({"0,''", "1001,''", "ten,''", "10,***", "99999999999,''"})
  void shouldRefuseWhatIsNoPage(String limit, String cursor) {
    assertTrue(Page.of(Optional.of(limit), Optional.of(cursor)).isEmpty());
  }
}
