/** What a participant is sent: slots, and the rewriting that makes switches invisible. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.subscriber;
