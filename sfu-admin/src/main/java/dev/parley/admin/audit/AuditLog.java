package dev.parley.admin.audit;

import dev.parley.signaling.observe.LogLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each request for a change as a line {@code event=admin.audit}. */
public final class AuditLog implements AuditListener {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  @Override
  public void onAudit(AuditEntry entry) {
    LogLine.event("admin.audit")
        .with("by", entry.by())
        .with("from", entry.from())
        .with("operation", entry.operation())
        .with("on", entry.on())
        .with("status", entry.status())
        .with("outcome", entry.outcome())
        .info(log);
  }
}
