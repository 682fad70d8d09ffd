/** What every package may use: addresses, sequence arithmetic, counters, and the hot-path mark. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.common;
