/** Tests of the relay. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.turn;
