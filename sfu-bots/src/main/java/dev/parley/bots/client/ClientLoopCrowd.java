package dev.parley.bots.client;

import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs thousands of clients of a server on this machine as cheaply as 64-bit Linux
 * allows, so that a benchmark's load fits beside its server: UDP on 127.0.0.1, epoll and {@code
 * recvmmsg}. What is not needed for that, {@link ClientLoop} has. Datagrams count as arrived when
 * the system put them into the socket and not when this thread came to take them: so that neither
 * latency nor congestion control sees how busy the load is. Clients may be added from any thread;
 * afterwards they are touched on this one alone, by {@link #call}.
 */
public final class ClientLoopCrowd implements Executor, AutoCloseable {
  /**
   * How a crowd runs.
   *
   * @param profiles of SRTP, best first
   * @param receiveBufferBytes of each socket; the system may give less
   * @param togetherMillis what is due within so much time is done together, which costs less; 0:
   *     each at its time
   */
  public record Settings(List<SrtpProfile> profiles, int receiveBufferBytes, int togetherMillis) {
    public Settings {
      profiles = List.copyOf(profiles);
    }
  }

  private static final int DATAGRAM_BYTES = 2048;
  private static final int EVENTS = 512;
  private static final long BELL = -1;
  private static final long LONGEST_SLEEP_NANOS = 10_000_000;
  private static final long NANOS_A_SECOND = 1_000_000_000;
  private static final long CLOCK_READING_NANOS = 2_000;

  private final Settings settings;
  private final Thread thread;
  private final int epoll;
  private final int bell;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment events = arena.allocate((long) EVENTS * LinuxSockets.EVENT_BYTES, 64);
  private final MemorySegment time = arena.allocate(LinuxSockets.TIME_BYTES, 8);
  private final MemorySegment rung = arena.allocate(8, 8);
  private final MemorySegment slab = arena.allocate(DATAGRAM_BYTES, 64);
  private final LinuxInbox inbox;
  private final byte[] datagram = new byte[DATAGRAM_BYTES];
  private final DtlsIdentity identity;
  private final HandshakeExecutor handshakes;
  private final ClientLoopTasks tasks = new ClientLoopTasks();
  private final AtomicBoolean ringing = new AtomicBoolean();
  private final List<@Nullable ClientLoopMember> members = new ArrayList<>();

  /** When each member has something to do. */
  private long[] dueNanos = new long[64];

  private long nextScanNanos;
  private long wallClockAheadNanos;
  private boolean silent;
  private volatile boolean stopped;
  private volatile long napNanos;
  private @Nullable Throwable fault;

  /**
   * Starts the thread.
   *
   * @param identity of all clients of the crowd
   * @param handshakes may be shared between loops; the caller closes it
   * @throws IOException when the system gives no epoll
   */
  public ClientLoopCrowd(
      String name, Settings settings, DtlsIdentity identity, HandshakeExecutor handshakes)
      throws IOException {
    this.settings = settings;
    this.identity = identity;
    this.handshakes = handshakes;
    this.epoll = LinuxSockets.epoll();
    this.bell = LinuxSockets.bell();
    LinuxSockets.watch(epoll, bell, BELL);
    this.inbox = new LinuxInbox(arena);
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    thread.start();
  }

  /** Opens a socket and joins; what becomes of it is told by {@link LightClient#reached}. */
  public LightClient join(
      String participantId, LightClient.Plan plan, Signaling signaling, ClientEvents told) {
    return call(() -> open(participantId, plan, signaling, told)).join();
  }

  private LightClient open(
      String participantId, LightClient.Plan plan, Signaling signaling, ClientEvents told) {
    try {
      ClientLoopMember member = new ClientLoopMember(this, settings.receiveBufferBytes());
      int index = members.size();
      LightClient client =
          new LightClient(
              participantId,
              plan,
              signaling,
              new ClientTransport.Surroundings(
                  identity,
                  handshakes,
                  settings.profiles(),
                  task -> execute(() -> run(index, task)),
                  System::nanoTime),
              member,
              new LightIce.Source(member, Candidate.Transport.UDP, true, to -> true),
              told);
      member.client(client);
      members.add(member);
      if (index == dueNanos.length) {
        dueNanos = Arrays.copyOf(dueNanos, 2 * index);
      }
      dueNanos[index] = Long.MAX_VALUE;
      LinuxSockets.watch(epoll, member.fd(), index);
      client.join(System.nanoTime());
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException("no UDP socket can be opened", e);
    }
  }

  /** A step of one member, which may have something to do soon after it. */
  private void run(int index, Runnable task) {
    task.run();
    ClientLoopMember member = members.get(index);
    LightClient client = member == null ? null : member.client();
    if (client != null) {
      due(index, client.nextTimeoutNanos());
    }
  }

  MemorySegment slab() {
    return slab;
  }

  /** Room for the address that a member sends to. */
  MemorySegment name() {
    return arena.allocate(LinuxSockets.NAME_BYTES, 8);
  }

  /**
   * Lets datagrams gather in the sockets for so long between two looks, in nanoseconds: one call
   * then takes several of them. Any thread.
   */
  public void nap(long nanos) {
    napNanos = nanos;
  }

  /** The local port of a client's socket, or 0. Loop's thread only. */
  public int port(LightClient client) {
    return find(client).map(ClientLoopMember::port).orElse(0);
  }

  /** Has one of the clients do something, which may change when it is due. */
  public CompletableFuture<Boolean> run(LightClient client, Runnable task) {
    return call(() -> {
      task.run();
      find(client).ifPresent(member -> due(members.indexOf(member), client.nextTimeoutNanos()));
      return true;
    });
  }

  private Optional<ClientLoopMember> find(LightClient client) {
    for (ClientLoopMember member : members) {
      if (member != null && member.client() == client) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** Leaves the room and closes the socket. */
  public CompletableFuture<Boolean> leave(LightClient client) {
    return call(() -> {
      client.close();
      find(client)
          .ifPresent(member -> {
            int index = members.indexOf(member);
            members.set(index, null);
            dueNanos[index] = Long.MAX_VALUE;
            member.close();
          });
      return true;
    });
  }

  /** Runs a task on the loop's thread. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (ringing.compareAndSet(false, true)) {
      ring();
    }
  }

  /** Handshakes may end after the crowd has; its descriptor may be another's by then. */
  private synchronized void ring() {
    if (!silent) {
      LinuxSockets.ring(bell);
    }
  }

  /**
   * Runs a command on the loop's thread; what it throws goes to the future, and so does what has
   * ended the thread before its time.
   */
  public <T> CompletableFuture<T> call(Supplier<T> command) {
    return tasks.call(command, this);
  }

  /** For measuring its CPU time. */
  public long threadId() {
    return thread.threadId();
  }

  private void run() {
    try {
      while (!stopped) {
        long sleepNanos = nextScanNanos - System.nanoTime();
        int ready =
            LinuxSockets.await(epoll, events.address(), EVENTS, Math.max(0, sleepNanos), time);
        for (int i = 0; i < ready; i++) {
          onReadable(LinuxSockets.key(events, i));
        }
        ringing.set(false);
        tasks.runAll();
        long now = System.nanoTime();
        if (now >= nextScanNanos) {
          scan(now);
        }
        if (napNanos > 0 && ready < EVENTS) {
          LockSupport.parkNanos(napNanos);
        }
      }
    } catch (RuntimeException | Error e) {
      fault = e;
    } finally {
      closeAll();
      tasks.end(fault);
    }
  }

  private void onReadable(long key) {
    if (key == BELL) {
      LinuxSockets.hush(bell, rung);
      return;
    }
    int index = (int) key;
    ClientLoopMember member = members.get(index);
    LightClient client = member == null ? null : member.client();
    if (member == null || client == null) {
      return;
    }
    int count;
    do {
      count = inbox.receive(member.fd());
      long now = System.nanoTime();
      for (int i = 0; i < count; i++) {
        int length = inbox.copy(i, datagram);
        client.handleDatagram(datagram, 0, length, Math.min(now, arrival(i, now)));
      }
    } while (count == LinuxInbox.BATCH);
    due(index, client.nextTimeoutNanos());
  }

  private long arrival(int index, long nowNanos) {
    long wallClock = inbox.arrivedNanos(index);
    return wallClock == 0 ? nowNanos : wallClock - wallClockAheadNanos;
  }

  private void due(int index, long nanos) {
    dueNanos[index] = nanos;
    nextScanNanos = Math.min(nextScanNanos, nanos);
  }

  /** All members' times stand in one array: looking at them costs less than keeping an order. */
  private void scan(long now) {
    compareClocks();
    long next = now + LONGEST_SLEEP_NANOS;
    for (int i = 0; i < members.size(); i++) {
      if (dueNanos[i] <= now) {
        handleTimeout(i, now);
      }
      next = Math.min(next, dueNanos[i]);
    }
    nextScanNanos = Math.max(next, now + settings.togetherMillis() * 1_000_000L);
  }

  /** A reading between which the thread had to wait says nothing. */
  private void compareClocks() {
    long before = System.nanoTime();
    Instant wallClock = Instant.now();
    long after = System.nanoTime();
    if (after - before < CLOCK_READING_NANOS) {
      long wallClockNanos = wallClock.getEpochSecond() * NANOS_A_SECOND + wallClock.getNano();
      wallClockAheadNanos = wallClockNanos - (before + after) / 2;
    }
  }

  private void handleTimeout(int index, long now) {
    ClientLoopMember member = members.get(index);
    LightClient client = member == null ? null : member.client();
    if (client == null) {
      dueNanos[index] = Long.MAX_VALUE;
    } else {
      client.handleTimeout(now);
      dueNanos[index] = client.nextTimeoutNanos();
    }
  }

  private void closeAll() {
    for (ClientLoopMember member : members) {
      if (member != null) {
        close(member);
      }
    }
    synchronized (this) {
      silent = true;
      LinuxSockets.close(bell);
    }
    LinuxSockets.close(epoll);
  }

  /** A client that cannot be closed keeps neither its socket nor the others. */
  private void close(ClientLoopMember member) {
    LightClient client = member.client();
    try {
      if (client != null) {
        client.close();
      }
    } catch (RuntimeException e) {
      fault = fault == null ? e : fault;
    } finally {
      member.close();
    }
  }

  /** Closes every client, and waits for the thread. */
  @Override
  public void close() {
    stopped = true;
    ring();
    try {
      thread.join();
      arena.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
