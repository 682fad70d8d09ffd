/** What the front end tells its operator: totals and log lines. */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.observe;
