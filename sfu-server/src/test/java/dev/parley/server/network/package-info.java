/**
 * Calls through networks that are made for each test of network namespaces: NATs, firewalls, IPv6.
 * A whole server stands in one namespace and browsers in others. Needs root; skipped elsewhere.
 */
@NullMarked
package dev.parley.server.network;

import org.jspecify.annotations.NullMarked;
