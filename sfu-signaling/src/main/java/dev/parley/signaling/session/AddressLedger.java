package dev.parley.signaling.session;

import java.util.HashMap;
import java.util.Map;

/** Counts open WebSockets by the network address they come from. Any thread. */
public final class AddressLedger {
  private final int most;
  private final Map<String, Integer> byAddress = new HashMap<>();

  public AddressLedger(int most) {
    this.most = most;
  }

  /** Enters a socket, unless its address has as many as it may. Pairs with {@link #remove}. */
  public synchronized boolean add(String address) {
    int open = byAddress.getOrDefault(address, 0);
    if (open >= most) {
      return false;
    }
    byAddress.put(address, open + 1);
    return true;
  }

  public synchronized void remove(String address) {
    if (byAddress.getOrDefault(address, 0) == 0) {
      throw new IllegalStateException("a socket was removed that had not been added");
    }
    byAddress.computeIfPresent(address, (known, open) -> open == 1 ? null : open - 1);
  }

  /** Addresses that have a socket open. */
  public synchronized int size() {
    return byAddress.size();
  }
}
