/** Sockets: batches of datagrams in and out, and the address table. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.net;
