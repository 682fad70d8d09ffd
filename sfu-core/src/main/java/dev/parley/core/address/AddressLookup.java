package dev.parley.core.address;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who is asked for this machine's public addresses; nobody unless configured.
 *
 * @param stunServers each {@code host} or {@code host:port}
 * @param cloud whose metadata service is asked
 * @param metadataUrl where it is, without a path
 * @param refreshSec how long an answer is good for
 * @param startWaitMs how long the start waits for the first answers
 */
public record AddressLookup(
    List<String> stunServers,
    Optional<CloudMetadata.Cloud> cloud,
    URI metadataUrl,
    int refreshSec,
    int startWaitMs) {
  /** Where all clouds have it. */
  public static final URI METADATA_URL = URI.create("http://169.254.169.254");

  public static final AddressLookup NONE =
      new AddressLookup(List.of(), Optional.empty(), METADATA_URL, 300, 3_000);

  public AddressLookup {
    stunServers = List.copyOf(stunServers);
  }

  /** Those who are asked, the cloud first: it knows, a STUN server sees. */
  List<AddressSource> sources(Supplier<List<InetAddress>> own) {
    List<AddressSource> sources = new ArrayList<>();
    cloud.ifPresent(which -> sources.add(new CloudMetadata(which, metadataUrl)));
    stunServers.forEach(server -> sources.add(new StunServer(server, own)));
    return sources;
  }
}
