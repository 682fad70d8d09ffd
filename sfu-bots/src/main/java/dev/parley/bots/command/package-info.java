/** {@code ./sfu bots}: the command line of scripted load. */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.command;
