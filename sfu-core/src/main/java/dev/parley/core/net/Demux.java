package dev.parley.core.net;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.StunPeek;
import dev.parley.core.transport.Routes;
import dev.parley.core.transport.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Stop 2: which transport a datagram is for. Media goes by remote address, which a transport owns
 * once a check with the right password came from it; checks go by their local ufrag, so that a
 * client that comes back from the same address and port reaches its new transport. Worker's thread
 * only.
 */
public final class Demux implements Routes {
  private static final int FIRST_CAPACITY = 64;

  private final Counters counters;
  private final Map<String, Transport> byUfrag = new HashMap<>();
  private final Map<String, Detour> detoursByUfrag = new HashMap<>();

  /** Open addressing with linear probing; a power of two, at most half full. */
  private @Nullable PeerAddress[] addresses = new PeerAddress[FIRST_CAPACITY];

  private @Nullable Transport[] owners = new Transport[FIRST_CAPACITY];

  /** Whose address it is where there is no owner. */
  private @Nullable Detour[] detours = new Detour[FIRST_CAPACITY];

  private int size;
  private final Strays strays = new Strays();

  public Demux(Counters counters) {
    this.counters = counters;
  }

  /** Makes the transport reachable by its local ufrag. */
  public void register(Transport transport) {
    transport.localUfrags().forEach(ufrag -> byUfrag.put(ufrag, transport));
  }

  @Override
  public void name(String ufrag, Transport transport) {
    checkUnknown(ufrag);
    byUfrag.put(ufrag, transport);
  }

  /** The same for a transport that has moved. */
  void name(String ufrag, Detour detour) {
    // Its tasks may come after it has closed.
    if (detoursByUfrag.containsValue(detour)) {
      checkUnknown(ufrag);
      detoursByUfrag.put(ufrag, detour);
    }
  }

  private void checkUnknown(String ufrag) {
    if (knows(ufrag)) {
      throw new IllegalStateException("two sessions drew the same ufrag");
    }
  }

  @Override
  public void unname(String ufrag, Transport transport) {
    byUfrag.remove(ufrag, transport);
    Detour detour = detoursByUfrag.get(ufrag);
    if (detour != null && detour.transport() == transport) {
      // It has come back, and is not restored yet.
      detoursByUfrag.remove(ufrag);
    }
  }

  void unname(String ufrag, Detour detour) {
    detoursByUfrag.remove(ufrag, detour);
  }

  /** Whether a ufrag is in use. */
  public boolean knows(String ufrag) {
    return byUfrag.containsKey(ufrag) || detoursByUfrag.containsKey(ufrag);
  }

  /** Routes one datagram. Borrows the bytes; the addresses are as in {@link PeerAddress}. */
  @HotPath
  public void route(
      byte[] bytes,
      int offset,
      int lengthBytes,
      long addressHigh,
      long addressLow,
      int port,
      long localHigh,
      long localLow,
      long nowNanos) {
    if (lengthBytes == 0) {
      counters.drop(DropReason.TRUNCATED);
      return;
    }
    int at = find(addressHigh, addressLow, port, localHigh, localLow);
    if ((bytes[offset] & 0xff) <= 3) {
      PeerAddress known = addresses[at];
      routeStun(
          bytes,
          offset,
          lengthBytes,
          known != null ? known : newAddress(addressHigh, addressLow, port, localHigh, localLow),
          nowNanos);
      return;
    }
    if (addresses[at] == null && strays.mayLook(nowNanos)) {
      PeerAddress from = newAddress(addressHigh, addressLow, port, localHigh, localLow);
      lookAtStray(bytes, offset, lengthBytes, from, nowNanos);
    }
    routeMedia(bytes, offset, lengthBytes, at, nowNanos);
  }

  private void lookAtStray(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    strays.look(bytes, offset, lengthBytes, from, byUfrag.values(), nowNanos);
  }

  /** The same for what came by another path than UDP. */
  @HotPath
  public void route(byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    if (lengthBytes == 0) {
      counters.drop(DropReason.TRUNCATED);
    } else if ((bytes[offset] & 0xff) <= 3) {
      routeStun(bytes, offset, lengthBytes, from, nowNanos);
    } else {
      routeMedia(bytes, offset, lengthBytes, find(from), nowNanos);
    }
  }

  @HotPath
  private void routeMedia(byte[] bytes, int offset, int lengthBytes, int at, long nowNanos) {
    PeerAddress from = addresses[at];
    Transport owner = owners[at];
    if (from == null || owner == null) {
      Detour detour = detours[at];
      if (from == null || detour == null) {
        counters.drop(DropReason.UNKNOWN_ADDRESS);
      } else {
        detour.route(bytes, offset, lengthBytes, from, nowNanos);
      }
      return;
    }
    owner.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
  }

  private static PeerAddress newAddress(
      long high, long low, int port, long localHigh, long localLow) {
    return new PeerAddress(high, low, port, localHigh, localLow);
  }

  private void routeStun(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    String ufrag = StunPeek.localUfrag(bytes, offset, lengthBytes);
    if (ufrag == null) {
      routeAnswer(bytes, offset, lengthBytes, from, nowNanos);
      return;
    }
    Transport transport = byUfrag.get(ufrag);
    if (transport == null) {
      Detour detour = detoursByUfrag.get(ufrag);
      if (detour == null) {
        counters.drop(DropReason.UNKNOWN_UFRAG);
      } else {
        detour.route(bytes, offset, lengthBytes, from, nowNanos);
      }
      return;
    }
    transport.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
  }

  private void routeAnswer(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    if (!StunPeek.isBindingAnswer(bytes, offset, lengthBytes)) {
      counters.drop(DropReason.STUN_MALFORMED);
      return;
    }
    Transport asker = strays.askedBy(from, bytes, offset);
    if (asker == null) {
      counters.drop(DropReason.STUN_UNEXPECTED);
    } else {
      asker.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
    }
  }

  /**
   * The transport moves to another worker: what comes for it is handed over there.
   *
   * @param thread runs tasks on this worker's thread
   * @return from now on the transport's routes; leads nowhere else yet
   */
  public Detour divert(Transport transport, Executor thread) {
    Detour detour = new Detour(this, thread, transport);
    strays.forget(transport);
    byUfrag.forEach((ufrag, owner) -> {
      if (owner == transport) {
        detoursByUfrag.put(ufrag, detour);
      }
    });
    byUfrag.values().removeIf(owner -> owner == transport);
    for (int i = 0; i < owners.length; i++) {
      if (owners[i] == transport) {
        owners[i] = null;
        detours[i] = detour;
      }
    }
    return detour;
  }

  /** The transport lives here again. */
  public void restore(Detour detour) {
    Transport transport = detour.transport();
    detoursByUfrag.forEach((ufrag, way) -> {
      if (way == detour) {
        byUfrag.put(ufrag, transport);
      }
    });
    detoursByUfrag.values().removeIf(way -> way == detour);
    for (int i = 0; i < detours.length; i++) {
      if (detours[i] == detour) {
        detours[i] = null;
        owners[i] = transport;
      }
    }
  }

  @Override
  public void bind(PeerAddress address, Transport transport) {
    int at = place(address);
    owners[at] = transport;
    detours[at] = null;
  }

  /** The same for a transport that has moved. */
  void bind(PeerAddress address, Detour detour) {
    // Its tasks may come after it has closed or is back.
    if (detoursByUfrag.containsValue(detour)) {
      int at = place(address);
      owners[at] = null;
      detours[at] = detour;
    }
  }

  private int place(PeerAddress address) {
    int at = find(address);
    if (addresses[at] == null) {
      if (2 * (size + 1) > addresses.length) {
        grow();
        at = find(address);
      }
      addresses[at] = address;
      size++;
    }
    return at;
  }

  @Override
  public void unbind(PeerAddress address, Transport transport) {
    int at = find(address);
    Detour detour = detours[at];
    // A transport that has come back may not be restored yet.
    if (owners[at] == transport || (detour != null && detour.transport() == transport)) {
      refill(addresses.length, (a, owner) -> !a.equals(address));
    }
  }

  void unbind(PeerAddress address, Detour detour) {
    if (detours[find(address)] == detour) {
      refill(addresses.length, (a, owner) -> !a.equals(address));
    }
  }

  /** Whether the address belongs to a transport, here or elsewhere. */
  boolean owns(PeerAddress address) {
    return addresses[find(address)] != null;
  }

  /** Forgets an address whose path has closed, and tells its transport. */
  void pathClosed(PeerAddress address) {
    int at = find(address);
    Transport owner = owners[at];
    Detour detour = detours[at];
    if (owner != null || detour != null) {
      refill(addresses.length, (a, o) -> !a.equals(address));
    }
    if (owner != null) {
      owner.pathClosed(address);
    } else if (detour != null) {
      detour.pathClosed(address);
    }
  }

  @Override
  public void release(Transport transport) {
    transport.localUfrags().forEach(ufrag -> byUfrag.remove(ufrag, transport));
    strays.forget(transport);
    for (Transport owner : owners) {
      if (owner == transport) {
        refill(addresses.length, (a, o) -> o != transport);
        return;
      }
    }
  }

  /** Forgets a transport that has moved and has closed elsewhere. */
  public void release(Detour detour) {
    detoursByUfrag.values().removeIf(way -> way == detour);
    refill(addresses.length, (a, owner) -> owner != detour);
  }

  /** The slot of the UDP address, or the empty one where it would stand. */
  @HotPath
  private int find(long high, long low, int port, long localHigh, long localLow) {
    int mask = addresses.length - 1;
    int at = PeerAddress.hash(high, low, port) & mask;
    while (true) {
      PeerAddress there = addresses[at];
      if (there == null || there.matches(high, low, port, localHigh, localLow)) {
        return at;
      }
      at = at + 1 & mask;
    }
  }

  @HotPath
  private int find(PeerAddress address) {
    int mask = addresses.length - 1;
    int at = address.hashCode() & mask;
    while (true) {
      PeerAddress there = addresses[at];
      if (there == null || there.equals(address)) {
        return at;
      }
      at = at + 1 & mask;
    }
  }

  private void grow() {
    refill(addresses.length * 2, (a, owner) -> true);
  }

  /** Probe chains may not have holes, so what stays is put into new tables. */
  private void refill(int capacity, BiPredicate<PeerAddress, Object> stays) {
    @Nullable PeerAddress[] oldAddresses = addresses;
    @Nullable Transport[] oldOwners = owners;
    addresses = new PeerAddress[capacity];
    @Nullable Detour[] oldDetours = detours;
    owners = new Transport[capacity];
    detours = new Detour[capacity];
    size = 0;
    for (int i = 0; i < oldAddresses.length; i++) {
      PeerAddress address = oldAddresses[i];
      Transport owner = oldOwners[i];
      Detour detour = oldDetours[i];
      Object whose = owner == null ? detour : owner;
      if (address != null && whose != null && stays.test(address, whose)) {
        int at = find(address);
        addresses[at] = address;
        owners[at] = owner;
        detours[at] = detour;
        size++;
      }
    }
  }

  /** How many local ufrags lead to a transport, here or elsewhere. */
  public int ufrags() {
    return byUfrag.size() + detoursByUfrag.size();
  }

  /** How many ufrags are those of transports that live on other workers. */
  public int diverted() {
    return detoursByUfrag.size();
  }

  /** How many addresses have an owner, here or elsewhere. */
  public int size() {
    return size;
  }
}
