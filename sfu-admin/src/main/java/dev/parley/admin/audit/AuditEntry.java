package dev.parley.admin.audit;

/**
 * A request for a change, and what came of it.
 *
 * @param atMs milliseconds since 1970
 * @param by the caller's name
 * @param from the caller's address
 * @param operation method and path of the contract
 * @param on the path that was asked
 * @param status of the answer
 * @param outcome {@code done}, or the code of the problem
 */
public record AuditEntry(
    long atMs, String by, String from, String operation, String on, int status, String outcome) {}
