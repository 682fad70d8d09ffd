/**
 * The media engine as other modules see it: plain records and interfaces, no library type. Commands
 * may be given from any thread and are carried out on the room's worker; listeners are called on
 * that worker and must return at once.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.api;
