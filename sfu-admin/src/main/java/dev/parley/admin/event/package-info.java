/** Events of rooms as JSON, the same for whoever is told of them. */
@org.jspecify.annotations.NullMarked
package dev.parley.admin.event;
