/**
 * Carries a scenario out: one control thread decides who comes and goes, samples once a second and
 * looks at the thresholds; {@link dev.parley.bots.client.ClientLoop}s run the bots. What passes
 * between them are tasks.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.run;
