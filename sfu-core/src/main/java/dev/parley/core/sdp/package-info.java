/**
 * Session descriptions: a reader of offers and answers (RFC 8866, RFC 9429), the answer to an offer
 * as an {@link dev.parley.core.sdp.AnswerPolicy} wants it, and the minimal offer of a client. Pure
 * functions of their arguments: no clock, socket or thread. What is wrong with a description is
 * told by {@link dev.parley.core.api.MediaException} with the code of the {@code sfu.v1} error and
 * a message that names the line.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.sdp;
