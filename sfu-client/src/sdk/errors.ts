/** Codes the server sends (SIGNALING.md, "Errors and close codes"). */
export type ServerErrorCode =
  | "bad_request"
  | "unknown_type"
  | "unsupported_version"
  | "not_authenticated"
  | "token_invalid"
  | "token_expired"
  | "token_not_yet_valid"
  | "forbidden"
  | "room_not_found"
  | "room_full"
  | "room_locked"
  | "room_ended"
  | "wrong_password"
  | "banned"
  | "duplicate_identity"
  | "too_many_connections"
  | "server_full"
  | "draining"
  | "rate_limited"
  | "message_too_big"
  | "session_not_found"
  | "stale_generation"
  | "sdp_invalid"
  | "sdp_unsupported"
  | "no_common_codec"
  | "ice_failed"
  | "dtls_failed"
  | "slot_limit"
  | "not_in_room"
  | "already_joined"
  | "queue_full"
  | "queue_closed"
  | "queue_denied"
  | "ticket_expired"
  | "timer_conflict"
  | "internal";

/** Codes for what ends or disturbs a connection. */
export type ConnectionErrorCode =
  | "closed_by_server"
  | "connection_lost"
  | "connect_timeout"
  | "going_away"
  | "heartbeat_lost"
  | "hello_timeout"
  | "kicked"
  | "replaced"
  | "request_timeout"
  | "server_restart"
  | "slow_consumer"
  | "time_up"
  | "left";

/** Codes for what goes wrong on this side of the wire. */
export type LocalErrorCode =
  | "aborted"
  | "insecure_context"
  | "capture_unsupported"
  | "permission_denied"
  | "device_not_found"
  | "device_busy"
  | "capture_failed"
  | "media_timeout"
  | "media_failed"
  | "unexpected";

/** All codes of an `SfuError`. */
export type ErrorCode = ServerErrorCode | ConnectionErrorCode | LocalErrorCode;

/** Every failure the SDK reports. `code` is for programs, `message` for logs; a page words its own text from the code. */
export class SfuError extends Error {
  override readonly name = "SfuError";
  readonly code: ErrorCode;
  /** The same request may succeed later without any change. */
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** What a moderator or the host wrote for the person concerned. */
  readonly text: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      retryable?: boolean;
      retryAfterMs?: number | undefined;
      text?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.text = options.text === "" ? undefined : options.text;
  }

  /** Wraps whatever was thrown, so that callers meet one error type only. */
  static from(thrown: unknown): SfuError {
    if (thrown instanceof SfuError) return thrown;
    return new SfuError("unexpected", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }

  /** The `error` member of an error reply. An unknown code is kept: a newer server may have more of them. */
  static fromWire(wire: unknown): SfuError {
    const error = typeof wire === "object" && wire !== null ? (wire as Record<string, unknown>) : {};
    const { code, message, retryable, retryAfterMs } = error;
    return new SfuError(
      typeof code === "string" ? (code as ErrorCode) : "internal",
      typeof message === "string" ? message : "The server gave no reason.",
      {
        retryable: retryable === true,
        retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : undefined,
      },
    );
  }
}
