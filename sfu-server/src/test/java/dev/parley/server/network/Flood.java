package dev.parley.server.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program that keeps so many TCP connections open without ever saying anything whole, from many
 * addresses; what the server closes it opens again. Prints a {@link Report} once a second until its
 * input ends, or for two minutes.
 */
final class Flood {
  private static final int SOURCES = 500;
  private static final long LONGEST_NANOS = 120_000_000_000L;
  private static final long REPORT_NANOS = 1_000_000_000L;

  /** A server that is given no time to accept drops what is too much, and the client repeats. */
  private static final int AT_ONCE = 200;

  /** A TLS record's head, a frame's length, a STUN header cut short, and nothing at all. */
  private static final List<byte[]> BEGINNINGS =
      List.of(
          new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc},
          new byte[] {0, 100, 0},
          new byte[] {0, 3, 0, 8, 0x21, 0x12},
          new byte[0]);

  private final Selector selector = Selector.open();
  private final List<InetSocketAddress> targets;
  private final int wanted;
  private int opened;
  private int open;
  private int connecting;
  private int closedByServer;

  private Flood(List<InetSocketAddress> targets, int wanted) throws IOException {
    this.targets = targets;
    this.wanted = wanted;
  }

  /**
   * How it goes.
   *
   * @param open now
   * @param closed by the server so far, each replaced by another one
   */
  record Report(int open, int closed) {
    static Report parse(String line) {
      String[] words = line.split(" ", 2);
      return new Report(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    String line() {
      return open + " " + closed;
    }
  }

  /** Arguments: how many, then HOST:PORT of each port to flood, all alike. */
  public static void main(String[] args) throws IOException {
    List<InetSocketAddress> targets =
        IntStream.range(1, args.length)
            .mapToObj(i -> args[i].split(":", 2))
            .map(pair -> new InetSocketAddress(pair[0], Integer.parseInt(pair[1])))
            .toList();
    Thread.ofPlatform().daemon().start(Flood::awaitEnd);
    new Flood(targets, Integer.parseInt(args[0])).run();
  }

  private static void awaitEnd() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (in.readLine() != null) {}
    } catch (IOException gone) {
      // Whoever started this has ended.
    }
    System.exit(0);
  }

  private void run() throws IOException {
    long begin = System.nanoTime();
    long reportAt = begin;
    while (System.nanoTime() - begin < LONGEST_NANOS) {
      while (open + connecting < wanted && connecting < AT_ONCE) {
        connect();
      }
      selector.select(this::follow, 100);
      if (System.nanoTime() - reportAt >= 0) {
        reportAt += REPORT_NANOS;
        System.out.println(new Report(open, closedByServer).line());
      }
    }
  }

  private void connect() throws IOException {
    int source = opened % SOURCES;
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.bind(
        new InetSocketAddress(
            InetAddress.getByName(
                "%s.%d.%d".formatted(Lab.STRANGERS, source / 250, 1 + source % 250)),
            0));
    channel.register(selector, SelectionKey.OP_CONNECT, BEGINNINGS.get(opened % BEGINNINGS.size()));
    // Each beginning meets each port.
    channel.connect(targets.get(opened / BEGINNINGS.size() % targets.size()));
    opened++;
    connecting++;
  }

  private void follow(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    boolean wasOpen = key.interestOps() == SelectionKey.OP_READ;
    try {
      if (wasOpen) {
        if (channel.read(ByteBuffer.allocate(512)) < 0) {
          throw new IOException("closed");
        }
      } else if (channel.finishConnect()) {
        connecting--;
        open++;
        key.interestOps(SelectionKey.OP_READ);
        channel.write(ByteBuffer.wrap((byte[]) key.attachment()));
      }
    } catch (IOException ended) {
      end(key, channel, wasOpen || key.isValid() && key.interestOps() == SelectionKey.OP_READ);
    }
  }

  private void end(SelectionKey key, SocketChannel channel, boolean wasOpen) {
    if (wasOpen) {
      open--;
      closedByServer++;
    } else {
      connecting--;
    }
    key.cancel();
    try {
      channel.close();
    } catch (IOException already) {
      // It is gone either way.
    }
  }
}
