/** One side's ICE credentials, RFC 8839, section 5.4. */
export interface Credentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** Of a description in which all sections are bundled: the first ones are those of all. */
export function credentialsOf(sdp: string): Credentials | undefined {
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const pwd = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1];
  return ufrag === undefined || pwd === undefined ? undefined : { ufrag, pwd };
}

/**
 * The answer as it was, with other credentials, and with these candidates where it had candidates before; without any, the
 * old ones stay.
 */
export function withCredentials(answer: string, { ufrag, pwd }: Credentials, candidates: readonly string[]): string {
  const fresh = candidates.map((candidate) => `a=candidate:${candidate.replace(/^(a=)?candidate:/, "")}`);
  let replaced = false;
  return answer
    .split("\r\n")
    .flatMap((line) => {
      if (line.startsWith("m=")) replaced = false;
      if (line.startsWith("a=ice-ufrag:")) return [`a=ice-ufrag:${ufrag}`];
      if (line.startsWith("a=ice-pwd:")) return [`a=ice-pwd:${pwd}`];
      if (!line.startsWith("a=candidate:") || fresh.length === 0) return [line];
      if (replaced) return [];
      replaced = true;
      return fresh;
    })
    .join("\r\n");
}
