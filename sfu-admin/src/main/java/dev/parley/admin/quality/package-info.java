/**
 * How good calls are, and why they are not: samples of everybody, time-lines, reasons in words. One
 * thread of its own samples; time-lines are read from any.
 */
@NullMarked
package dev.parley.admin.quality;

import org.jspecify.annotations.NullMarked;
