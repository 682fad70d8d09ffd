package dev.parley.admin.rest;

import dev.parley.admin.history.History;
import dev.parley.admin.history.HistoryPage;
import dev.parley.admin.history.HistoryQuery;
import dev.parley.admin.history.HistoryText;
import dev.parley.signaling.observe.LogLine;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a whole list, a page at a time: the next one is read when the client has taken most of the
 * last. A list that cannot be read to its end is cut off, so that nobody takes it for whole. The
 * port's event loop.
 */
final class HistoryExport {
  private static final Logger log = LoggerFactory.getLogger(HistoryExport.class);
  private static final int ROWS = 500;
  private static final int WAITING_BYTES = 256 << 10;

  private final History history;
  private final HttpServerResponse response;
  private final Context context;
  private final HistoryText text;
  private final String fileName;
  private HistoryQuery query;
  private boolean first = true;

  HistoryExport(History history, RoutingContext http, HistoryQuery query, String format) {
    this.history = history;
    this.response = http.response();
    this.context = http.vertx().getOrCreateContext();
    this.text =
        format.equals("csv") ? HistoryText.csv(query.listing()) : HistoryText.json(query.listing());
    this.fileName = query.listing().wireName() + "." + format;
    this.query =
        new HistoryQuery(
            query.listing(),
            query.equal(),
            query.sinceMs(),
            query.untilMs(),
            query.beforeId(),
            ROWS);
  }

  /** Sends, when the first page could be read; fails else. */
  CompletionStage<Answer> start() {
    return history
        .find(query)
        .thenApply(page -> {
          context.runOnContext(now -> begin(page));
          return Answer.SENT;
        });
  }

  private void begin(HistoryPage page) {
    response
        .setChunked(true)
        .setWriteQueueMaxSize(WAITING_BYTES)
        .putHeader(HttpHeaders.CONTENT_TYPE, text.contentType())
        .putHeader("Content-Disposition", "attachment; filename=\"" + fileName + "\"")
        .write(text.head());
    send(page);
  }

  private void send(HistoryPage page) {
    if (response.closed()) {
      return;
    }
    String rows = text.page(page.rows(), first);
    first = false;
    if (!rows.isEmpty()) {
      response.write(rows);
    }
    if (page.lastId().isEmpty()) {
      response.end(text.tail());
      return;
    }
    query = query.behind(page.lastId().getAsLong());
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> {
        response.drainHandler(null);
        next();
      });
    } else {
      next();
    }
  }

  private void next() {
    history
        .find(query)
        .whenComplete((page, failure) ->
            context.runOnContext(now -> {
              if (failure == null) {
                send(page);
              } else {
                LogLine.event("history.export_failed").with("cause", failure).warn(log);
                response.reset();
              }
            }));
  }
}
