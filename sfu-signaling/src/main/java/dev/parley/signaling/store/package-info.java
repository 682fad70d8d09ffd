/** What outlives the process: the state of the rooms in a file. */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.store;
