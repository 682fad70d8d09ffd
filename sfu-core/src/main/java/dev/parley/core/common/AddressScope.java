package dev.parley.core.common;

import java.net.InetAddress;

/** From where an address can be reached. */
public enum AddressScope {
  /** From everywhere, as far as the address says. */
  PUBLIC,
  /** From one network: RFC 1918, RFC 4193, and RFC 6598 (the carrier's own, behind its NAT). */
  PRIVATE,
  /** From one link, or from nowhere: RFC 3927, RFC 4291 section 2.5.6, multicast, unspecified. */
  LINK,
  /** From the machine itself. */
  LOOPBACK;

  public static AddressScope of(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    if (address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()) {
      return LINK;
    }
    byte[] bytes = address.getAddress();
    boolean carrierNat = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 0x40;
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
    return address.isSiteLocalAddress() || carrierNat || uniqueLocal ? PRIVATE : PUBLIC;
  }
}
