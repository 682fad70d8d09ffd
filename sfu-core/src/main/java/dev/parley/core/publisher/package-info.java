/** What a participant sends: tracks, their statistics and key-frame requests. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.publisher;
