/** The log: one line an event, plain or JSON, without secrets. */
@org.jspecify.annotations.NullMarked
package dev.parley.server.log;
