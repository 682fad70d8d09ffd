/**
 * The REST interface {@code /v1} on the operator's port, as {@code openapi.json} describes it: who
 * may ask ({@code Gate}), what can be asked ({@code Operations} of each resource), how it is read
 * and answered. Everything runs on the port's event loop, but for the listener of rooms' events.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.admin.rest;
