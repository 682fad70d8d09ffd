/** Why a check is not `ok`; what it means and what to do stands in a table of texts, one for each language. */
export type CheckReason =
  | "stopped"
  | "not_asked"
  | "no_server"
  | "no_webrtc"
  | "webrtc_missing"
  | "insecure_page"
  | "devices_unsupported"
  | "microphone_denied"
  | "microphone_missing"
  | "microphone_busy"
  | "microphone_silent"
  | "microphone_quiet"
  | "camera_denied"
  | "camera_missing"
  | "camera_busy"
  | "camera_frozen"
  | "camera_dark"
  | "tone_not_heard"
  | "server_unreachable"
  | "server_slow"
  | "invitation_refused"
  | "not_allowed"
  | "no_place"
  | "connection_lost"
  | "clock_behind"
  | "clock_ahead"
  | "not_resumed"
  | "udp_absent"
  | "udp_blocked"
  | "tcp_absent"
  | "tcp_blocked"
  | "relay_udp_absent"
  | "relay_udp_blocked"
  | "relay_tcp_absent"
  | "relay_tcp_blocked"
  | "relay_tls_absent"
  | "relay_tls_blocked"
  | "encryption_failed"
  | "no_way"
  | "nothing_sent"
  | "nothing_back"
  | "loss"
  | "delay"
  | "jitter"
  | "narrow"
  | "unexpected";

/** The words for a reason, as sentences. `{roundTripMs}` stands for the detail of that name. */
export interface CheckText {
  readonly cause: string;
  /** What the person concerned can do about it. */
  readonly advice?: string;
}

/** All reasons in one language. */
export type CheckTexts = Readonly<Record<CheckReason, CheckText>>;

/** What is said about a check: the causes after each other, each advice once. */
export function wordCheck(
  texts: CheckTexts,
  reasons: readonly CheckReason[],
  details: Readonly<Record<string, string | number | boolean>>,
): { cause?: string; advice?: string } {
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
  const said = (of: keyof CheckText) =>
    [...new Set(reasons.map((reason) => texts[reason][of] ?? ""))].filter((text) => text !== "").map(fill);
  const [causes, advices] = [said("cause"), said("advice")];
  return {
    ...(causes.length > 0 && { cause: causes.join(" ") }),
    ...(advices.length > 0 && { advice: advices.join(" ") }),
  };
}
