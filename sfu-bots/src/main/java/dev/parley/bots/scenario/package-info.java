/**
 * Scenario files: YAML, checked against the published schema ({@code scenario.schema.json} beside
 * this package) and then read into records. Whatever is wrong is told with its line, all of it at
 * once. Pure and immutable; any thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.scenario;
