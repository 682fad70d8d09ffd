/** What is measured of sending, from inside its package. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.net;
