/**
 * What a run measures: the metrics by name, histograms and counts of them, and what the server says
 * of itself. {@link dev.parley.bots.measure.Measurements} belongs to one thread at a time.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.measure;
