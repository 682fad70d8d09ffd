/**
 * {@code ./sfu bench}: what forwarding a packet costs beside the least it could cost, how long a
 * viewer waits for a picture, what a join costs the signalling, and the whole table of what is
 * aimed at ({@link SystemBench}). The server runs in a process of its own ({@link BenchServer},
 * {@link ServeProcess} for the whole of it), so that its CPU time, heap and collections are its
 * own; the load runs in this one. The pieces of a packet's way, each by itself, come from a module
 * that the server does not have ({@link MicroSuite}).
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.bench;
