/** Plans: what viewers get over bad networks, by the real engine in virtual time. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.quality;
