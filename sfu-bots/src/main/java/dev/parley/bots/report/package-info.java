/** What a run found, for people and for programs. Pure; any thread. */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.report;
