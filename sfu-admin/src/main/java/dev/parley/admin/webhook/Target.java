package dev.parley.admin.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Where an endpoint is at this moment, as far as it may be reached. */
final class Target {
  /** Enough to get past a broken address family. */
  private static final int MOST_ADDRESSES = 3;

  private Target() {}

  /**
   * Looks an endpoint's name up and checks every address of it. What is returned is connected to as
   * it is: a name that resolves otherwise a moment later changes nothing (DNS rebinding).
   *
   * @throws ForbiddenAddressException when one of the addresses may not be reached
   */
  static List<InetAddress> of(WebhookEndpoint endpoint, NameLookup names, AddressGuard guard)
      throws UnknownHostException, ForbiddenAddressException {
    List<InetAddress> addresses = names.addresses(endpoint.host());
    for (InetAddress address : addresses) {
      Optional<String> refusal = guard.refusal(address);
      if (refusal.isPresent()) {
        throw new ForbiddenAddressException(
            "address %s is %s: name its network in webhooks.allowedNetworks, or another host"
                .formatted(address.getHostAddress(), refusal.get()));
      }
      if (!endpoint.secure() && !guard.isNamed(address)) {
        throw new ForbiddenAddressException(
            "http to %s: only for webhooks.allowedNetworks, use https"
                .formatted(address.getHostAddress()));
      }
    }
    return addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()));
  }

  /** An address that must not be connected to. */
  static final class ForbiddenAddressException extends Exception {
    private static final long serialVersionUID = 1;

    ForbiddenAddressException(String why) {
      super(why);
    }
  }
}
