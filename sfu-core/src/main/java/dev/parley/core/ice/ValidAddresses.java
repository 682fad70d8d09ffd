package dev.parley.core.ice;

import dev.parley.core.common.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses from which a client proved to know the password, and which of them media goes to.
 * An address is that of a pair: the client's, and this machine's where the socket is bound to all.
 * So a client's socket that checks four addresses of the server takes four places. The worker's
 * thread only.
 *
 * <p>A client that nominates an address for the first time is followed at once: that is a fresh
 * call, or a phone that left its Wi-Fi. Some clients however nominate in every check of every pair
 * (aggressive nomination, RFC 5245); going back and forth with each would send one stream along two
 * paths. So an address nominated before is returned to only when the selected one has stopped
 * nominating or gone silent.
 */
final class ValidAddresses {
  /** Eight addresses of a client, as of two networks with relays, at four of this machine's. */
  static final int MAX = 32;

  /** Browsers check the pair in use at least every 2.5 s while others compete. */
  static final long SILENT_NANOS = 3_000_000_000L;

  /** A forgotten place is taken from an address this long unused, or by a nomination. */
  private static final long STALE_NANOS = 30_000_000_000L;

  private static final class Entry {
    final PeerAddress address;
    long lastCheckNanos;
    boolean lastNominated;
    boolean everNominated;

    Entry(PeerAddress address) {
      this.address = address;
    }
  }

  private final @Nullable Entry[] entries = new Entry[MAX];
  private int size;
  private @Nullable Entry selected;
  private @Nullable PeerAddress forgotten;

  @Nullable PeerAddress selected() {
    Entry entry = selected;
    return entry == null ? null : entry.address;
  }

  boolean isNominated() {
    Entry entry = selected;
    return entry != null && entry.everNominated;
  }

  int size() {
    return size;
  }

  /** The client begins anew: it may nominate any address, and is followed at once. */
  void forgetNominations() {
    for (int i = 0; i < size; i++) {
      Entry entry = entries[i];
      if (entry != null) {
        entry.everNominated = false;
        entry.lastNominated = false;
      }
    }
  }

  /** The client is lost: where it is first heard of again is where it is, and has a place. */
  void deselect() {
    forgetNominations();
    selected = null;
    for (int i = 0; i < size; i++) {
      Entry entry = entries[i];
      if (entry != null) {
        entry.lastCheckNanos = Long.MIN_VALUE / 2;
      }
    }
  }

  /**
   * Forgets an address that cannot be sent to any more. In the place of the selected one comes the
   * one checked last; the client may nominate any, and is followed at once.
   */
  void remove(PeerAddress address) {
    Entry gone = find(address);
    if (gone == null) {
      return;
    }
    int kept = 0;
    Entry latest = null;
    for (int i = 0; i < size; i++) {
      Entry entry = entries[i];
      if (entry != null && entry != gone) {
        entries[kept++] = entry;
        if (latest == null || entry.lastCheckNanos > latest.lastCheckNanos) {
          latest = entry;
        }
      }
    }
    entries[kept] = null;
    size = kept;
    if (selected == gone) {
      forgetNominations();
      selected = latest;
    }
  }

  /** The address that the last {@link #check} pushed out, or null. */
  @Nullable PeerAddress forgotten() {
    return forgotten;
  }

  /** What one check changed. */
  enum Change {
    NOTHING,
    NEW_ADDRESS,
    SELECTED,
    NEW_AND_SELECTED,
    /** {@link #MAX} others are in use: answered, but not remembered. */
    FULL
  }

  Change check(PeerAddress from, boolean nominates, long nowNanos) {
    forgotten = null;
    Entry entry = find(from);
    boolean isNew = entry == null;
    if (entry == null) {
      entry = place(new Entry(from), nominates, nowNanos);
      if (entry == null) {
        return Change.FULL;
      }
    }
    boolean follow = nominates && follows(entry, nowNanos);
    entry.lastCheckNanos = nowNanos;
    entry.lastNominated = nominates;
    entry.everNominated |= nominates;
    if (selected == null) {
      // Media and DTLS may flow to a valid pair before the nomination (RFC 8445 section 12.1).
      selected = entry;
    }
    if (follow) {
      selected = entry;
      return isNew ? Change.NEW_AND_SELECTED : Change.SELECTED;
    }
    return isNew ? Change.NEW_ADDRESS : Change.NOTHING;
  }

  private boolean follows(Entry entry, long nowNanos) {
    Entry current = selected;
    if (!entry.everNominated || current == null) {
      return true;
    }
    return current != entry
        && (!current.lastNominated || nowNanos - current.lastCheckNanos > SILENT_NANOS);
  }

  private @Nullable Entry find(PeerAddress address) {
    for (int i = 0; i < size; i++) {
      Entry entry = entries[i];
      if (entry != null && entry.address.equals(address)) {
        return entry;
      }
    }
    return null;
  }

  private @Nullable Entry place(Entry fresh, boolean nominates, long nowNanos) {
    if (size < MAX) {
      entries[size++] = fresh;
      return fresh;
    }
    int oldest = -1;
    long oldestNanos = Long.MAX_VALUE;
    for (int i = 0; i < MAX; i++) {
      Entry entry = entries[i];
      if (entry != null && entry != selected && entry.lastCheckNanos < oldestNanos) {
        oldest = i;
        oldestNanos = entry.lastCheckNanos;
      }
    }
    Entry victim = oldest < 0 ? null : entries[oldest];
    if (victim == null || (!nominates && nowNanos - oldestNanos < STALE_NANOS)) {
      return null;
    }
    forgotten = victim.address;
    entries[oldest] = fresh;
    return fresh;
  }
}
