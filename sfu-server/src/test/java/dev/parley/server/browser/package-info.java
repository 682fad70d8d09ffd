/**
 * The truth by real browsers: a whole server in a process of its own, called by Chromium, by
 * Firefox and by libwebrtc outside of a browser. Everything is looked at from the outside: the call
 * page, the browsers' own statistics, HTTP.
 */
@NullMarked
package dev.parley.server.browser;

import org.jspecify.annotations.NullMarked;
