/** What a payload says of itself: frames, key frames, picture numbers. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.codec;
