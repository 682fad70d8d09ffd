package dev.parley.bots.bench;

/** How packets come to the subscribers, as it is written on the command line. */
enum TransportOption {
  udp,
  tcp
}
