/** How much one subscriber's network takes: estimation, probing, pacing. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.bwe;
