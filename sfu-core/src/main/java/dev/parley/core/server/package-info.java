/** The assembly of the engine: workers, rooms on workers, and the public api on top. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.server;
