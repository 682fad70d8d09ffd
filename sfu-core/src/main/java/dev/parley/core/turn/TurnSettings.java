package dev.parley.core.turn;

/**
 * How allocations are given.
 *
 * @param realm at most {@value #REALM_MAX_BYTES} bytes, see {@link TurnServer}
 * @param secret that credentials are made from
 * @param maxAllocations of all clients
 * @param maxAllocationsPerUser of one owner of credentials
 * @param maxAllocationsPerAddress of one source address, an IPv6 network of 64 bits counting as one
 * @param maxPeers and channels of one allocation
 * @param bitrateBps of one allocation, each way
 * @param defaultLifetimeSec when the client asks for less or nothing
 * @param maxLifetimeSec when it asks for more
 * @param nonceLifetimeSec how old a nonce may be
 */
public record TurnSettings(
    String realm,
    String secret,
    int maxAllocations,
    int maxAllocationsPerUser,
    int maxAllocationsPerAddress,
    int maxPeers,
    long bitrateBps,
    int defaultLifetimeSec,
    int maxLifetimeSec,
    int nonceLifetimeSec) {
  /** The longest realm for which a challenge is short enough for every client. */
  public static final int REALM_MAX_BYTES = 4;

  /** The usual times and quotas. */
  public static TurnSettings of(String realm, String secret) {
    return new TurnSettings(realm, secret, 10_000, 32, 1_000, 16, 50_000_000, 600, 3600, 1800);
  }

  @Override
  public String toString() {
    return "TurnSettings[realm=" + realm + ", maxAllocations=" + maxAllocations + "]";
  }
}
