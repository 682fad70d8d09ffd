/** Why the operator's interface did not do something. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /**
   * @param code of the problem; `unreachable` when no answer came, `unreadable` when it was none of the interface
   * @param status of HTTP; 0 when no answer came
   * @param detail what the server says, in English
   * @param field that was wrong, where one was
   */
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly field?: string,
  ) {
    super(`${code}: ${detail}`);
  }

  /** Whatever was thrown. */
  static of(thrown: unknown): ApiError {
    return thrown instanceof ApiError ? thrown : new ApiError("unreachable", 0, String(thrown));
  }

  /** What an answer says that is none of the 200s. */
  static ofProblem(status: number, body: unknown): ApiError {
    const problem = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    const text = (name: string) => (typeof problem[name] === "string" ? problem[name] : undefined);
    return new ApiError(text("code") ?? "unreadable", status, text("detail") ?? `HTTP ${status}`, text("field"));
  }
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
