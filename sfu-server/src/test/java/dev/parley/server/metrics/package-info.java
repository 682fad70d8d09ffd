/** What a server tells of itself in numbers, and what watches them: docs/metrics.md. */
@org.jspecify.annotations.NullMarked
package dev.parley.server.metrics;
