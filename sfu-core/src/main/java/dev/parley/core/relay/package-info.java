/** What crosses from one wing of a large room to another, between the threads of two workers. */
@org.jspecify.annotations.NullMarked
package dev.parley.core.relay;
