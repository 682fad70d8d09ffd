package dev.parley.micro;

import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Decrypts packets in place. Since none is taken twice, each batch is encrypted anew before its
 * time is taken.
 */
@State(Scope.Thread)
public class UnprotectBenchmark {
  @Param("AEAD_AES_128_GCM")
  private SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  @Param("1100")
  private int lengthBytes;

  @Param("1")
  private long seed;

  private final Arena arena = Arena.ofConfined();
  private final byte[][] sealed = new byte[PlainPackets.BATCH][(int) PlainPackets.STRIDE_BYTES];
  private PlainPackets packets;
  private SrtpSender sender;
  private SrtpReceiver receiver;
  private MemorySegment slab;
  private int sealedBytes;

  /** Keys and packets. */
  @Setup
  public void begin() {
    packets = new PlainPackets(lengthBytes, seed);
    sender = packets.sender(profile);
    receiver = packets.receiver(profile);
    slab = arena.allocate(PlainPackets.STRIDE_BYTES, 64);
    sealedBytes = lengthBytes + profile.rtpOverhead();
  }

  /** The next batch arrives. */
  @Setup(Level.Invocation)
  public void seal() {
    for (int i = 0; i < PlainPackets.BATCH; i++) {
      if (sender.protect(packets.next(i), 0, lengthBytes, slab, 0) != sealedBytes) {
        throw new IllegalStateException("not protected");
      }
      MemorySegment.copy(slab, ValueLayout.JAVA_BYTE, 0, sealed[i], 0, sealedBytes);
    }
  }

  /** Frees native memory. */
  @TearDown
  public void end() {
    sender.close();
    receiver.close();
    arena.close();
  }

  @Benchmark
  @OperationsPerInvocation(PlainPackets.BATCH)
  public int unprotect() {
    int sum = 0;
    for (byte[] packet : sealed) {
      int plain = receiver.unprotect(packet, 0, sealedBytes);
      if (plain != lengthBytes) {
        throw new IllegalStateException("not unprotected: " + plain);
      }
      sum += plain;
    }
    return sum;
  }
}
