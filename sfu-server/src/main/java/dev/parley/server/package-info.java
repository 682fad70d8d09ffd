/**
 * The assembly: the command line, and the order in which the parts of a server start and stop.
 * Everything here runs on the control plane; no packet passes through.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.server;
