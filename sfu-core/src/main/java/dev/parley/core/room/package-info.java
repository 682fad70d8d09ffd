/** Who is in a room, what everyone sends, and who is shown whom; the one fan-out loop. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.room;
