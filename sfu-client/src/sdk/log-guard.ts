import { credentialsOf } from "./ice-credentials.js";
import type { LogFields, LogSink } from "./log.js";

const HIDDEN = "[hidden]";
/** Shorter ones would take words apart, and open nothing. */
const SECRET_CHARS = 6;

/** What looks like a secret wherever it comes from: errors of browsers quote SDP, and those of servers what they got. */
const PATTERNS: readonly RegExp[] = [
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=a=ice-(?:pwd|ufrag):)\S+/g,
  /(?<=[?&](?:access_token|token|password|secret|key)=)[^&#\s]+/gi,
];

/** Stands before a sink, and takes out of each line what nobody should read in a log. */
export class LogGuard {
  readonly #secrets = new Set<string>();

  constructor(readonly sink: LogSink) {}

  /** From now on this is taken out too. */
  hide(secret: string | undefined): void {
    if (secret !== undefined && secret.length >= SECRET_CHARS) this.#secrets.add(secret);
  }

  hideServers(servers: readonly RTCIceServer[]): void {
    for (const { username, credential } of servers) {
      this.hide(username);
      this.hide(credential);
    }
  }

  /** The ICE password in a description. */
  hideSdp(sdp: string): void {
    this.hide(credentialsOf(sdp)?.pwd);
  }

  readonly log: LogSink = (level, event, fields) => {
    this.sink(level, event, this.#clean(fields));
  };

  #clean(fields: LogFields): LogFields {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? this.#cleanText(value) : value]),
    );
  }

  #cleanText(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, HIDDEN);
    for (const pattern of PATTERNS) clean = clean.replaceAll(pattern, HIDDEN);
    return clean;
  }
}
