/**
 * Which addresses clients are told: those of this machine, and those that others know it by. What
 * is asked of others blocks, on virtual threads; nothing here touches a worker.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.address;
