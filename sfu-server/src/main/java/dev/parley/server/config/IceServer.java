package dev.parley.server.config;

import java.util.List;
import java.util.Optional;

/** A STUN or TURN server that clients are told to use; the fields are those of WebRTC. */
public record IceServer(List<String> urls, Optional<String> username, Optional<Secret> credential) {
  public IceServer {
    urls = List.copyOf(urls);
  }
}
