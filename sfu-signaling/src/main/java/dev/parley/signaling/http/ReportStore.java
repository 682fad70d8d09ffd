package dev.parley.signaling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionStage;

/** Keeps reports of connection checks for support. Any thread. */
public interface ReportStore {
  /**
   * Keeps a report, of which nothing is known but that it is JSON of a bounded size.
   *
   * @return the code by which it is found; fails where it cannot be kept
   */
  CompletionStage<String> keepReport(ObjectNode report);
}
