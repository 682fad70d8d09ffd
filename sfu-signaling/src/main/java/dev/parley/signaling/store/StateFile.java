package dev.parley.signaling.store;

import dev.parley.signaling.observe.LogLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file that always holds a whole text: the last that was saved, or the one before. Each version
 * is written beside it, forced to the disk and moved over it. Saving is asynchronous, and of
 * several texts in a row only the newest is written. Any thread.
 */
public final class StateFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateFile.class);

  private final Path file;
  private final Thread writer;
  private final AtomicReference<@Nullable String> next = new AtomicReference<>();
  private volatile boolean closed;
  private boolean failing;

  /**
   * Begins to write to a file; its folder is made.
   *
   * @throws IOException when the folder cannot be made or written to
   */
  public StateFile(Path file) throws IOException {
    this.file = file.toAbsolutePath();
    Path folder = this.file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " is not writable");
    }
    this.writer = Thread.ofPlatform().name("room-state").daemon().unstarted(this::run);
    writer.start();
  }

  /** What was saved last by an earlier process. */
  public Optional<String> load() throws IOException {
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Puts a file that cannot be read out of the way, so that its contents are not lost. */
  public void setAside() throws IOException {
    Files.move(
        file,
        file.resolveSibling(file.getFileName() + ".unreadable"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns at once. A text that could not be written is tried again with the next one. */
  public void save(String text) {
    next.set(text);
    LockSupport.unpark(writer);
  }

  private void run() {
    while (true) {
      @Nullable String text = next.getAndSet(null);
      if (text != null) {
        write(text);
      } else if (closed) {
        return;
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void write(String text) {
    try {
      replace(text);
      failing = false;
    } catch (IOException | UncheckedIOException failure) {
      if (!failing) {
        LogLine.event("state.not_saved").with("file", file).error(log, failure);
      }
      failing = true;
    }
  }

  private void replace(String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    // Identities are nobody else's business.
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns when the last text is written. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
