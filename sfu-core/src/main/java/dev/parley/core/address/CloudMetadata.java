package dev.parley.core.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * The metadata service of the cloud that a machine runs in, asked for the public IPv4 address that
 * the cloud's NAT maps to the machine. IPv6 addresses are the machine's own there.
 */
public final class CloudMetadata implements AddressSource {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MOST_BYTES = 4096;
  private static final int OK = 200;

  /** Whose metadata service is asked, and how. */
  public enum Cloud {
    /** EC2, by a session token (IMDSv2). */
    AWS("/latest/meta-data/public-ipv4", "X-aws-ec2-metadata-token", ""),
    /** Compute Engine. */
    GCP(
        "/computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip",
        "Metadata-Flavor",
        "Google"),
    /** Virtual machines with a public address of the basic kind. */
    AZURE(
        "/metadata/instance/network/interface/0/ipv4/ipAddress/0/publicIpAddress"
            + "?api-version=2021-02-01&format=text",
        "Metadata",
        "true");

    private final String path;
    private final String header;
    private final String value;

    Cloud(String path, String header, String value) {
      this.path = path;
      this.header = header;
      this.value = value;
    }
  }

  private final Cloud cloud;
  private final URI endpoint;

  /**
   * A cloud's service.
   *
   * @param endpoint scheme and authority, for instance {@code http://169.254.169.254}
   */
  public CloudMetadata(Cloud cloud, URI endpoint) {
    this.cloud = cloud;
    this.endpoint = endpoint;
  }

  @Override
  public String name() {
    return cloud + " metadata at " + endpoint;
  }

  @Override
  public List<InetAddress> ask() throws IOException {
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(PATIENCE)
            .build()) {
      String value =
          cloud == Cloud.AWS
              ? send(
                  http,
                  request("/latest/api/token")
                      .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                      .PUT(HttpRequest.BodyPublishers.noBody()))
              : cloud.value;
      String text = send(http, request(cloud.path).header(cloud.header, value).GET());
      try {
        return List.of(InetAddress.ofLiteral(text));
      } catch (IllegalArgumentException none) {
        throw new IOException("it says \"" + text + "\", which is no address", none);
      }
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(endpoint.resolve(path)).timeout(PATIENCE);
  }

  private static String send(HttpClient http, HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response =
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
      if (response.statusCode() != OK) {
        throw new IOException(
            "%s %s gave status %d"
                .formatted(request.method(), request.uri().getPath(), response.statusCode()));
      }
      return response.body().strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
