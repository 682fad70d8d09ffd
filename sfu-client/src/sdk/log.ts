export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Where the SDK's lines go. `debug`: each message and state change; `info`: the steps of a visit; `warn`: something was
 * lost and repaired; `error`: the visit is over or a part of it does not work. Message bodies and tokens are never passed.
 */
export type LogSink = (level: LogLevel, event: string, fields: LogFields) => void;

export const silent: LogSink = () => undefined;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Writes lines at `threshold` and above to the browser's console. */
export function consoleLog(threshold: LogLevel): LogSink {
  return (level, event, fields) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(threshold)) return;
    const text = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${String(value)}`);
    console[level](["parley", event, ...text].join(" "));
  };
}
