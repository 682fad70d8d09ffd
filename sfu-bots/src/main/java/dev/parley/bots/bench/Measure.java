package dev.parley.bots.bench;

/** What {@code bench system} tells of a case. */
enum Measure {
  RATIO("ratio to the floor", "%.2f", Better.LOWER),
  NANOS("CPU of the process per forwarded packet, ns", "%.0f", Better.LOWER),
  MEDIA_NANOS("of it the media threads, ns", "%.0f", Better.LOWER),
  FLOOR_NANOS("floor of the same round, ns", "%.0f", Better.NEITHER),
  PACKETS_PER_SECOND("forwarded, packets/s", "%.0f", Better.HIGHER),
  BUSY("media threads, % of a core", "%.0f", Better.NEITHER),
  LOST("lost on the way to the viewers, %", "%.3f", Better.LOWER),
  DATAGRAMS_PER_MESSAGE("datagrams a message", "%.1f", Better.NEITHER),
  BYTES_PER_DATAGRAM("bytes a datagram", "%.0f", Better.NEITHER),
  LOAD_BUSY("the load's core, % used", "%.0f", Better.NEITHER),
  FLATNESS("cost at 3000 to cost at 50", "%.2f", Better.LOWER),
  LATENCY_P50_MS("added latency, median, ms", "%.3f", Better.LOWER),
  LATENCY_P99_MS("added latency, 99th percentile, ms", "%.3f", Better.LOWER),
  LONGEST_STOP_MS("longest stop of the JVM, ms", "%.2f", Better.LOWER),
  STOPS_ABOVE_2_MS("stops of the JVM above 2 ms", "%.0f", Better.LOWER),
  HEAP_KB("heap of an idle participant, kB", "%.1f", Better.LOWER),
  NATIVE_KB("other memory of an idle participant, kB", "%.1f", Better.LOWER),
  MEMORY_KB("memory of an idle participant, all told, kB", "%.1f", Better.LOWER),
  THREADS("threads of an idle participant", "%.3f", Better.LOWER),
  DESCRIPTORS("descriptors of an idle participant", "%.3f", Better.LOWER),
  JOIN_P50_MS("join, median, ms", "%.0f", Better.LOWER),
  JOIN_P95_MS("join, 95th percentile, ms", "%.0f", Better.LOWER),
  TWICE_ONE_TO_TWO("twice the cost on one worker / cost on two", "%.2f", Better.HIGHER),
  START_MS("exec to the first join accepted, ms", "%.0f", Better.LOWER),
  RSS_MB("resident at idle, MB", "%.0f", Better.LOWER);

  /** Which way is progress. */
  enum Better {
    LOWER,
    HIGHER,
    NEITHER
  }

  private final String title;
  private final String format;
  private final Better better;

  Measure(String title, String format, Better better) {
    this.title = title;
    this.format = format;
    this.better = better;
  }

  String title() {
    return title;
  }

  Better better() {
    return better;
  }

  String text(double value) {
    return format.formatted(value);
  }
}
