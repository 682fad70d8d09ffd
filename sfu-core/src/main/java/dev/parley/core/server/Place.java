package dev.parley.core.server;

import dev.parley.core.common.DatagramSink;

/** Where a session is to live, and the way out from there through the port that it keeps. */
record Place(Worker worker, DatagramSink out) {}
