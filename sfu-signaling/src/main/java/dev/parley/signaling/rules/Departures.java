package dev.parley.signaling.rules;

import java.util.OptionalLong;

/** When people inside have to go, as far as a timer says so; for what those who wait are told. */
public interface Departures {
  OptionalLong endsMs(String key);

  /** How long a visit may last; 0: as long as one likes. */
  int visitSec();
}
