/** Who may come in: join tokens (RFC 7519), their checking, their making, and what they grant. */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.token;
