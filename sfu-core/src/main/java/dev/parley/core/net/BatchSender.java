package dev.parley.core.net;

import dev.parley.core.common.Counters;
import dev.parley.core.common.HotPath;

/** Writes batches to a socket, from one thread; a socket may have several. */
interface BatchSender {
  /** Sends the whole batch; what the system refuses is counted and lost, as on any network. */
  @HotPath
  void send(SendBatch batch, Counters counters);

  /** Frees the memory; nothing is sent any more. The socket stays. */
  void free();
}
