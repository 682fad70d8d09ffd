/**
 * {@code ./sfu bench}: what forwarding a packet costs beside the least it could cost, and how long
 * a viewer waits for a picture. The server runs in a process of its own ({@link BenchServer}), so
 * that its CPU time, heap and collections are its own; the load runs in this one.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.bench;
