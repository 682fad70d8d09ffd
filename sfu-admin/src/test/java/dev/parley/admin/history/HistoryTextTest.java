package dev.parley.admin.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.WireJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryTextTest {
  private static ObjectNode wait(String identity) {
    ObjectNode row = WireJson.MAPPER.createObjectNode();
    row.put("ticketId", "qt_1").put("room", "r").put("roomId", "rm_1").put("identity", identity);
    row.put("joinedAt", "2030-01-01T00:00:00Z").putNull("endedAt").put("waitedSec", 1.5);
    return row.put("outcome", "joined");
  }

  /** Columns apart by |, since the values have commas. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ann|ann",
        "=1+1|'=1+1",
        "+49 1|'+49 1",
        "-1|'-1",
        "@SUM(A1)|'@SUM(A1)",
        "a,b|\"a,b\"",
        "say \"hi\"|\"say \"\"hi\"\"\"",
        "=1,\"2\"|\"'=1,\"\"2\"\"\"",
      })
  void shouldWriteCsvThatNoSpreadsheetCarriesOut(String identity, String cell) {
    HistoryText csv = HistoryText.csv(Listing.QUEUE);
    assertEquals(
        "qt_1,r,rm_1," + cell + ",2030-01-01T00:00:00Z,,1.5,joined\r\n",
        csv.page(List.of(wait(identity)), true));
  }

  @Test
  void shouldNameTheColumnsAndQuoteLines() {
    HistoryText csv = HistoryText.csv(Listing.QUEUE);
    assertEquals(
        "ticketId,room,roomId,identity,joinedAt,endedAt,waitedSec,outcome\r\n", csv.head());
    assertEquals(
        "qt_1,r,rm_1,\"a\nb\",2030-01-01T00:00:00Z,,1.5,joined\r\n",
        csv.page(List.of(wait("a\nb")), false));
    assertEquals("", csv.tail());
  }

  @Test
  void shouldWriteOneJsonTextOfSeveralPages() throws Exception {
    HistoryText json = HistoryText.json(Listing.QUEUE);
    String whole =
        json.head()
            + json.page(List.of(wait("a"), wait("b")), true)
            + json.page(List.of(wait("c")), false)
            + json.tail();
    assertEquals(3, WireJson.MAPPER.readTree(whole).path("queue").size());
    assertEquals(
        "{\"queue\":[]}",
        WireJson.MAPPER
            .readTree(json.head() + json.page(List.of(), true) + json.tail())
            .toString());
  }
}
