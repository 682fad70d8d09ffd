package dev.parley.admin.audit;

/** Is told of every request for a change; must return at once. */
public interface AuditListener {
  void onAudit(AuditEntry entry);
}
