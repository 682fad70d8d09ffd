package dev.parley.admin.webhook;

import java.util.concurrent.CompletionStage;

/** Makes requests to endpoints. Any thread. */
interface WebhookSender {
  /**
   * Sends one event, once.
   *
   * @param id the {@code webhook-id}
   * @param body JSON
   * @return how it ended, whatever happens, within the configured time; on any thread
   */
  CompletionStage<AttemptResult> send(WebhookEndpoint endpoint, String id, String body);

  void close();
}
