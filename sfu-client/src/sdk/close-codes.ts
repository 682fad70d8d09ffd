import { SfuError, type ErrorCode } from "./errors.js";

/**
 * What a client does after a close: `resume` the session, open a `fresh` one and join again, ask for a new `token`
 * first, `wait` as long as the server said, or `stop`.
 */
export type CloseAction = "resume" | "fresh" | "token" | "wait" | "stop";

export interface CloseMeaning {
  readonly action: CloseAction;
  readonly error: SfuError;
}

type Row = readonly [code: ErrorCode, action: CloseAction, message: string];

const TABLE: Readonly<Record<number, Row>> = {
  1000: ["closed_by_server", "stop", "The server ended the connection."],
  1001: ["going_away", "resume", "The server is going away."],
  1012: ["server_restart", "resume", "The server is restarting."],
  4000: ["internal", "resume", "The server had an internal error."],
  4001: ["bad_request", "stop", "The server did not understand a message."],
  4002: ["unsupported_version", "stop", "The server does not speak this protocol version."],
  4003: ["hello_timeout", "resume", "The server did not receive hello in time."],
  4004: ["not_authenticated", "token", "The server refused the token."],
  4008: ["rate_limited", "wait", "Too many messages or connections in a short time."],
  4009: ["heartbeat_lost", "resume", "The server did not hear from this client."],
  4010: ["session_not_found", "fresh", "The server no longer knows the session."],
  4011: ["replaced", "stop", "The same identity joined elsewhere."],
  4012: ["kicked", "stop", "A moderator removed this participant."],
  4013: ["room_ended", "stop", "The room has ended."],
  4014: ["time_up", "stop", "The session time is up."],
  4015: ["queue_denied", "stop", "A moderator did not admit this participant."],
  4016: ["ticket_expired", "stop", "The place in the queue has expired."],
  4020: ["draining", "resume", "The server is draining."],
  4021: ["too_many_connections", "stop", "This user has too many connections."],
  4022: ["message_too_big", "stop", "A message was too big."],
  4023: ["slow_consumer", "resume", "This client read too slowly."],
};

/** Closes that a person causes: their reason is what that person wrote. */
const WORDED = [4012, 4013, 4014, 4015];

/** Codes outside the table (1006: the network; a proxy's own) mean that the connection broke, so the session may live. */
export function closeMeaning(closeCode: number, reason: string): CloseMeaning {
  const [code, action, message] = TABLE[closeCode] ?? ["connection_lost", "resume", "The connection was lost."];
  const detail = reason === "" ? `${message} (${closeCode})` : `${message} (${closeCode}: ${reason})`;
  const error = new SfuError(code, detail, {
    retryable: action !== "stop",
    text: WORDED.includes(closeCode) ? reason : undefined,
  });
  return { action, error };
}
