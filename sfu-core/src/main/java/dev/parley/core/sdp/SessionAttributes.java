package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.List;

/** Collects the attributes before the first section, which hold for all of them. */
final class SessionAttributes {
  private static final int MAX_GROUPS = 128;
  private static final int MAX_EXTENSIONS = 64;

  private final TransportReader transport = new TransportReader();
  private final List<ExtensionMap> extensions = new ArrayList<>();
  private final List<List<String>> bundles = new ArrayList<>();
  private Direction direction = Direction.SENDRECV;
  private boolean allowMixed;
  private boolean iceLite;

  void attribute(SdpLine line) {
    if (transport.read(line)) {
      return;
    }
    switch (line.attribute()) {
      case "group" -> {
        List<String> words = line.words(1, "a=group:semantics mids");
        if (words.get(0).equals("BUNDLE")) {
          line.add(bundles, List.copyOf(words.subList(1, words.size())), MAX_GROUPS, "bundles");
        }
      }
      case "sendrecv", "sendonly", "recvonly", "inactive" ->
          direction = Direction.of(line.attribute()).orElse(direction);
      case "extmap" -> line.add(extensions, ExtensionMap.of(line), MAX_EXTENSIONS, "extensions");
      case "extmap-allow-mixed" -> allowMixed = true;
      case "ice-lite" -> iceLite = true;
      default -> {}
    }
  }

  TransportReader transport() {
    return transport;
  }

  List<ExtensionMap> extensions() {
    return extensions;
  }

  List<List<String>> bundles() {
    return bundles;
  }

  Direction direction() {
    return direction;
  }

  boolean allowMixed() {
    return allowMixed;
  }

  boolean iceLite() {
    return iceLite;
  }
}
