package dev.parley.admin.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list in the order of a key, from behind a cursor: who reads page by page misses
 * nothing that stays, and sees nothing twice, whatever comes and goes meanwhile.
 *
 * @param after the key of the last one that was read; empty: from the start
 */
record Page(int limit, String after) {
  static final int USUAL = 100;
  static final int MOST = 1000;

  /** Empty when the query's {@code limit} or {@code cursor} are none. */
  static Optional<Page> of(Optional<String> limit, Optional<String> cursor) {
    try {
      int wanted = Integer.parseInt(limit.orElse(Integer.toString(USUAL)));
      String after =
          new String(Base64.getUrlDecoder().decode(cursor.orElse("")), StandardCharsets.UTF_8);
      return wanted < 1 || wanted > MOST ? Optional.empty() : Optional.of(new Page(wanted, after));
    } catch (IllegalArgumentException neither) {
      return Optional.empty();
    }
  }

  /**
   * The page as {@code {name: […], nextCursor?}}.
   *
   * @param key differs for each item
   */
  <T> Map<String, Object> of(
      String name, List<T> all, Function<T, String> key, Function<T, Map<String, Object>> view) {
    List<T> rest =
        all.stream()
            .filter(item -> key.apply(item).compareTo(after) > 0)
            .sorted(Comparator.comparing(key))
            .limit(limit + 1L)
            .toList();
    List<T> items = rest.subList(0, Math.min(limit, rest.size()));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put(name, items.stream().map(view).toList());
    if (rest.size() > limit) {
      page.put("nextCursor", cursor(key.apply(items.getLast())));
    }
    return page;
  }

  static String cursor(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }
}
