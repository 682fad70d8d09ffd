/** Looks at the machine and the configuration before somebody else has to. */
@org.jspecify.annotations.NullMarked
package dev.parley.server.doctor;
