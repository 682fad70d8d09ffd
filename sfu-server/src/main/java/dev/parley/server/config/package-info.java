/**
 * The configuration: one table of keys ({@link dev.parley.server.config.ConfigKeys}), read from a
 * HOCON file and the environment into the records of {@link dev.parley.server.config.ParleyConfig}.
 * The commented file {@code config/parley.conf} and {@code docs/configuration.md} are written from
 * the same table.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.server.config;
