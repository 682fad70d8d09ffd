package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.room.Ids;
import dev.parley.signaling.room.Rooms;
import dev.parley.signaling.tls.Hops;
import dev.parley.signaling.token.TokenVerifier;
import dev.parley.signaling.wire.RequestCodec;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * What every connection uses. All but {@code rooms} may be used from any thread.
 *
 * @param rooms on the room thread only
 * @param roomThread runs tasks one after the other, in the order given
 */
public record Services(
    Vertx vertx,
    SignalingConfig config,
    RequestCodec codec,
    TokenVerifier tokens,
    ConnectionLedger ledger,
    Rooms rooms,
    Executor roomThread,
    Ids ids,
    SignalingCounters counters,
    Credentials credentials,
    Hops hops,
    AddressLedger addresses) {
  /** Seconds since 1970, for the times of tokens. */
  public long nowSec() {
    return System.currentTimeMillis() / 1000;
  }
}
