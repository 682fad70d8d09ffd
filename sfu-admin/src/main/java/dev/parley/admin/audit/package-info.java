/** What operators changed: told once for each request, on the port's event loop. */
@org.jspecify.annotations.NullMarked
package dev.parley.admin.audit;
