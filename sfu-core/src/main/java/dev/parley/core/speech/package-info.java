/**
 * Who is the dominant speaker, by jitsi-utils. Apart from the other protocol packages, as the
 * library wants a clock and an executor: it is given the caller's time and thread.
 */
@NullMarked
package dev.parley.core.speech;

import org.jspecify.annotations.NullMarked;
