package dev.parley.bots.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code bench forward} has found; written as it is with {@code --json}. */
record ForwardResult(
    Machine machine, ForwardSettings settings, Idle idle, List<Round> rounds, Verdict verdict) {
  ForwardResult {
    rounds = List.copyOf(rounds);
  }

  /** The server with all its subscribers connected and nothing to forward. */
  record Idle(double cpuShare, double allocatedBytesPerSecond) {}

  /** One round of the server and the floors that belong to it. */
  record Round(Server server, Optional<FloorFigures> grouped, Optional<FloorFigures> ungrouped) {
    double ratio() {
      return grouped.map(f -> server.cpuNanosPerPacket() / f.cpuNanosPerPacket()).orElse(0.0);
    }
  }

  /**
   * The server's side of a round.
   *
   * @param cpuNanosPerPacket of the media thread, for each packet forwarded
   * @param allocatedBytesPerPacket by the media thread, less what it allocates when idle
   * @param datagramsPerMessage segments of one segmented send, where it is one
   * @param segmentedShare of the datagrams that left in segmented sends
   * @param lostShare of the packets forwarded that no subscriber got
   * @param drops of the server, by reason
   * @param publishedShare of the packets that should have been published
   * @param arrivedShare of the packets published that the server has read
   * @param loadCpuShare of one core, by the thread of the subscribers
   */
  record Server(
      long packets,
      double packetsPerSecond,
      double cpuNanosPerPacket,
      double processCpuNanosPerPacket,
      double allocatedBytesPerPacket,
      long collections,
      double datagramsPerCall,
      double datagramsPerMessage,
      double segmentedShare,
      double bytesPerDatagram,
      double lostShare,
      Map<String, Long> drops,
      double publishedShare,
      double arrivedShare,
      double mediaCpuShare,
      double loadCpuShare) {
    Server {
      drops = Map.copyOf(drops);
    }

    /** Datagrams that the system did not take from the server. */
    long refused() {
      return drops.getOrDefault("send_full", 0L) + drops.getOrDefault("send_error", 0L);
    }
  }

  /** The floor's side of a round. */
  record FloorFigures(
      double cpuNanosPerPacket,
      double processCpuNanosPerPacket,
      double datagramsPerCall,
      double datagramsPerMessage,
      double refusedShare) {
    static FloorFigures of(Floor.Run run) {
      return new FloorFigures(
          run.cpuNanosPerPacket(),
          run.processCpuNanosPerPacket(),
          (double) run.packets() / run.calls(),
          (double) run.packets() / run.messages(),
          (double) run.refused() / Math.max(1, run.packets() + run.refused()));
    }
  }

  /**
   * Whether the figures speak of the server.
   *
   * @param loadWasBottleneck the load could not keep up: nothing is said about capacity
   * @param reasons why, in words
   */
  record Verdict(boolean loadWasBottleneck, List<String> reasons) {
    Verdict {
      reasons = List.copyOf(reasons);
    }
  }
}
