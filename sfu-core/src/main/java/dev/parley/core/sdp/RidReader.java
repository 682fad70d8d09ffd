package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code a=rid} (RFC 8851 section 10) and {@code a=simulcast} (RFC 8853 section 5.1). */
final class RidReader {
  private static final int MAX_ID = 255;
  private static final int MAX_STREAMS = 32;

  private RidReader() {}

  static Rid rid(SdpLine line) {
    List<String> words = line.words(2, "a=rid:id send|recv");
    String id = line.token(words.get(0), MAX_ID, "the RID");
    boolean sent = isSend(line, words.get(1));
    List<Integer> payloadTypes = new ArrayList<>();
    Map<String, String> restrictions = new LinkedHashMap<>();
    for (String restriction : SdpLine.split(String.join("", words.subList(2, words.size())), ';')) {
      int equals = restriction.indexOf('=');
      String name = equals < 0 ? restriction : restriction.substring(0, equals);
      String value = equals < 0 ? "" : restriction.substring(equals + 1);
      if (name.equals("pt")) {
        for (String payloadType : SdpLine.split(value, ',')) {
          payloadTypes.add(line.integer(payloadType, 0, 127, "the payload type"));
        }
      } else {
        restrictions.put(name, value);
      }
    }
    return new Rid(id, sent, payloadTypes, restrictions);
  }

  static Simulcast simulcast(SdpLine line) {
    List<String> words = line.words(2, "a=simulcast:send|recv streams");
    List<List<Simulcast.Alternative>> send = new ArrayList<>();
    List<List<Simulcast.Alternative>> receive = new ArrayList<>();
    if (words.size() % 2 != 0 || words.size() > 4) {
      throw line.invalid("expected one or two pairs of direction and streams");
    }
    for (int i = 0; i < words.size(); i += 2) {
      List<List<Simulcast.Alternative>> streams = isSend(line, words.get(i)) ? send : receive;
      if (!streams.isEmpty()) {
        throw line.invalid("the same direction twice");
      }
      for (String stream : SdpLine.split(words.get(i + 1), ';')) {
        line.add(streams, alternatives(line, stream), MAX_STREAMS, "streams");
      }
    }
    return new Simulcast(send, receive);
  }

  private static List<Simulcast.Alternative> alternatives(SdpLine line, String stream) {
    List<Simulcast.Alternative> alternatives = new ArrayList<>();
    for (String text : SdpLine.split(stream, ',')) {
      boolean paused = text.startsWith("~");
      String rid = line.token(paused ? text.substring(1) : text, MAX_ID, "the RID");
      alternatives.add(new Simulcast.Alternative(rid, paused));
    }
    return List.copyOf(alternatives);
  }

  private static boolean isSend(SdpLine line, String word) {
    return switch (word) {
      case "send" -> true;
      case "recv" -> false;
      default -> throw line.invalid("the direction is neither send nor recv");
    };
  }
}
