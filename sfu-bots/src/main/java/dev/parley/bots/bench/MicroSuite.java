package dev.parley.bots.bench;

import java.io.IOException;
import java.util.List;

/**
 * The pieces of a packet's way, each to be measured by itself, with what is the least it could
 * cost. Provided by the module {@code sfu-micro} as a service, which the server is shipped without.
 */
public interface MicroSuite {
  /**
   * What is measured in the same way.
   *
   * @param what is counted, in a sentence
   * @param floor what the floor does with the same bytes
   */
  record Group(String what, String floor, List<Piece> pieces) {
    public Group {
      pieces = List.copyOf(pieces);
    }
  }

  /** By their names. Several pieces may have one floor, which is no piece itself. */
  record Piece(String name, String floor) {}

  /**
   * How long to measure.
   *
   * @param millis in each JVM, after twice as long a warm-up; above 0
   * @param seed of the synthetic packets
   * @param ownJvm whether in a fresh JVM; in this one, figures mean nothing
   * @param jvmOptions of the fresh JVM
   */
  record Effort(int millis, long seed, boolean ownJvm, List<String> jvmOptions) {
    public Effort {
      jvmOptions = List.copyOf(jvmOptions);
    }
  }

  /** In the order in which a packet meets them. */
  List<Group> groups();

  /**
   * Measures one piece or floor; the caller's thread waits.
   *
   * @return nanoseconds for one of what its group counts, above 0
   * @throws IOException when the piece fails, with what it said
   * @throws IllegalArgumentException when nothing has this name
   */
  double nanos(String name, Effort effort) throws IOException;
}
