package dev.parley.core.net;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.StunPeek;
import dev.parley.core.transport.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Stop 2: which transport a datagram is for. Media goes by remote address, which a transport owns
 * once a check with the right password came from it; checks go by their local ufrag, so that a
 * client that comes back from the same address and port reaches its new transport. Worker's thread
 * only.
 */
public final class Demux implements Transport.Routes {
  private static final int FIRST_CAPACITY = 64;

  private final Counters counters;
  private final Map<String, Transport> byUfrag = new HashMap<>();

  /** Open addressing with linear probing; a power of two, at most half full. */
  private @Nullable PeerAddress[] addresses = new PeerAddress[FIRST_CAPACITY];

  private @Nullable Transport[] owners = new Transport[FIRST_CAPACITY];
  private int size;

  public Demux(Counters counters) {
    this.counters = counters;
  }

  /** Makes the transport reachable by its local ufrag. */
  public void register(Transport transport) {
    transport.localUfrags().forEach(ufrag -> byUfrag.put(ufrag, transport));
  }

  @Override
  public void name(String ufrag, Transport transport) {
    if (byUfrag.putIfAbsent(ufrag, transport) != null) {
      throw new IllegalStateException("two sessions drew the same ufrag");
    }
  }

  @Override
  public void unname(String ufrag, Transport transport) {
    byUfrag.remove(ufrag, transport);
  }

  /** Whether a ufrag is in use. */
  public boolean knows(String ufrag) {
    return byUfrag.containsKey(ufrag);
  }

  /** Routes one datagram. Borrows the bytes; the address is as in {@link PeerAddress}. */
  @HotPath
  public void route(
      byte[] bytes,
      int offset,
      int lengthBytes,
      long addressHigh,
      long addressLow,
      int port,
      long nowNanos) {
    if (lengthBytes == 0) {
      counters.drop(DropReason.TRUNCATED);
      return;
    }
    int at = find(addressHigh, addressLow, port);
    if ((bytes[offset] & 0xff) <= 3) {
      PeerAddress known = addresses[at];
      routeStun(
          bytes,
          offset,
          lengthBytes,
          known != null ? known : newAddress(addressHigh, addressLow, port),
          nowNanos);
      return;
    }
    PeerAddress from = addresses[at];
    Transport owner = owners[at];
    if (from == null || owner == null) {
      counters.drop(DropReason.UNKNOWN_ADDRESS);
      return;
    }
    owner.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
  }

  private static PeerAddress newAddress(long high, long low, int port) {
    return new PeerAddress(high, low, port);
  }

  private void routeStun(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    String ufrag = StunPeek.localUfrag(bytes, offset, lengthBytes);
    if (ufrag == null) {
      counters.drop(DropReason.STUN_MALFORMED);
      return;
    }
    Transport transport = byUfrag.get(ufrag);
    if (transport == null) {
      counters.drop(DropReason.UNKNOWN_UFRAG);
      return;
    }
    transport.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
  }

  @Override
  public void bind(PeerAddress address, Transport transport) {
    int at = find(address.high(), address.low(), address.port());
    if (addresses[at] == null) {
      if (2 * (size + 1) > addresses.length) {
        grow();
        at = find(address.high(), address.low(), address.port());
      }
      addresses[at] = address;
      size++;
    }
    owners[at] = transport;
  }

  @Override
  public void unbind(PeerAddress address, Transport transport) {
    if (owners[find(address.high(), address.low(), address.port())] == transport) {
      refill(addresses.length, (a, owner) -> !a.equals(address));
    }
  }

  @Override
  public void release(Transport transport) {
    transport.localUfrags().forEach(ufrag -> byUfrag.remove(ufrag, transport));
    for (Transport owner : owners) {
      if (owner == transport) {
        refill(addresses.length, (a, o) -> o != transport);
        return;
      }
    }
  }

  /** The slot of the address, or the empty one where it would stand. */
  @HotPath
  private int find(long high, long low, int port) {
    int mask = addresses.length - 1;
    int at = PeerAddress.hash(high, low, port) & mask;
    while (true) {
      PeerAddress there = addresses[at];
      if (there == null || there.matches(high, low, port)) {
        return at;
      }
      at = at + 1 & mask;
    }
  }

  private void grow() {
    refill(addresses.length * 2, (a, owner) -> true);
  }

  /** Probe chains may not have holes, so what stays is put into new tables. */
  private void refill(int capacity, BiPredicate<PeerAddress, Transport> stays) {
    @Nullable PeerAddress[] oldAddresses = addresses;
    @Nullable Transport[] oldOwners = owners;
    addresses = new PeerAddress[capacity];
    owners = new Transport[capacity];
    size = 0;
    for (int i = 0; i < oldAddresses.length; i++) {
      PeerAddress address = oldAddresses[i];
      Transport owner = oldOwners[i];
      if (address != null && owner != null && stays.test(address, owner)) {
        int at = find(address.high(), address.low(), address.port());
        addresses[at] = address;
        owners[at] = owner;
        size++;
      }
    }
  }

  /** How many addresses have an owner. */
  public int size() {
    return size;
  }
}
