package dev.parley.core.api;

import java.util.List;

/**
 * What one worker measures at one time.
 *
 * @param waitedNanos from the question until the worker had time for it
 * @param busyNanos processor time of the worker's thread since its start
 * @param participants all that have a transport
 */
public record WorkerSample(
    int worker, long waitedNanos, long busyNanos, List<MediaSample> participants) {
  public WorkerSample {
    participants = List.copyOf(participants);
  }
}
