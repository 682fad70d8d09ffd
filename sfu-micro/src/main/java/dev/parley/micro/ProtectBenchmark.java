package dev.parley.micro;

import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Encrypts packets into a slab of native memory, as a batch is. */
@State(Scope.Thread)
public class ProtectBenchmark {
  @Param("AEAD_AES_128_GCM")
  private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  @Param("1100")
  private int lengthBytes;

  @Param("1")
  private long seed;

  private final Arena arena = Arena.ofConfined();
  private PlainPackets packets;
  private SrtpSender sender;
  private MemorySegment slab;

  /** Keys, packets and the slab. */
  @Setup
  public void begin() {
    packets = new PlainPackets(lengthBytes, seed);
    sender = packets.sender(profile);
    slab = arena.allocate(PlainPackets.BATCH * PlainPackets.STRIDE_BYTES, 64);
  }

  /** Frees native memory. */
  @TearDown
  public void end() {
    sender.close();
    arena.close();
  }

  @Benchmark
  @OperationsPerInvocation(PlainPackets.BATCH)
  public int protect() {
    int sum = 0;
    for (int i = 0; i < PlainPackets.BATCH; i++) {
      byte[] packet = packets.next(i);
      int sealed = sender.protect(packet, 0, lengthBytes, slab, i * PlainPackets.STRIDE_BYTES);
      if (sealed < 0) {
        throw new IllegalStateException("not protected: " + sealed);
      }
      sum += sealed;
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(PlainPackets.BATCH)
  public MemorySegment copy() {
    for (int i = 0; i < PlainPackets.BATCH; i++) {
      byte[] packet = packets.next(i);
      MemorySegment.copy(
          packet, 0, slab, ValueLayout.JAVA_BYTE, i * PlainPackets.STRIDE_BYTES, lengthBytes);
    }
    return slab;
  }
}
