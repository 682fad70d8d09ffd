/** Who may come in: HS256 tokens (RFC 7519), their checking and their making. */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.token;
