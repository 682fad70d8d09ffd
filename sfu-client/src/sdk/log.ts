/** How much a line matters; `LogSink` says what each level is for. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What belongs to a line, by name; names say the unit. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Where the SDK's lines go. `debug`: each message and state change; `info`: the steps of a visit; `warn`: something was
 * lost and repaired; `error`: the visit is over or a part of it does not work. Message bodies are never passed, and tokens,
 * passwords and credentials are taken out of what is.
 */
export type LogSink = (level: LogLevel, event: string, fields: LogFields) => void;

/** Writes nothing. */
export const silent: LogSink = () => undefined;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Passes on the lines at `threshold` and above. */
export function atLeast(threshold: LogLevel, sink: LogSink): LogSink {
  return (level, event, fields) => {
    if (ORDER.indexOf(level) >= ORDER.indexOf(threshold)) sink(level, event, fields);
  };
}

/** Writes lines at `threshold` and above to the browser's console. */
export function consoleLog(threshold: LogLevel): LogSink {
  return atLeast(threshold, (level, event, fields) => {
    const text = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`);
    console[level](["parley", event, ...text].join(" "));
  });
}
