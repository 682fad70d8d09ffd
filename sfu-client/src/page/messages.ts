import type { ErrorCode, SfuError, Waiting } from "../sdk/index.js";

export interface Message {
  readonly title: string;
  readonly advice: string;
  /** The page that checks the connection may find out more. */
  readonly check?: boolean;
}

/** Trouble whose cause may be the network. */
const TO_CHECK: readonly ErrorCode[] = [
  "connection_lost",
  "connect_timeout",
  "heartbeat_lost",
  "request_timeout",
  "media_timeout",
  "media_failed",
  "ice_failed",
  "dtls_failed",
];

const RELOAD = "Reload the page and join again. If it happens again, tell whoever runs this server.";

const MESSAGES: Readonly<Partial<Record<ErrorCode, Message>>> = {
  insecure_context: {
    title: "Camera and microphone need a secure page",
    advice: "Open this address with https://. You can still join to watch and listen.",
  },
  capture_unsupported: {
    title: "This browser cannot do that",
    advice: "Use a current Chrome, Edge, Firefox or Safari. You can still watch and listen.",
  },
  permission_denied: {
    title: "Camera or microphone is blocked",
    advice: "Allow access with the icon beside the address, then try again. You can still watch and listen.",
  },
  device_not_found: {
    title: "No camera or microphone found",
    advice: "Connect one and try again. You can still watch and listen.",
  },
  device_busy: {
    title: "Camera or microphone could not start",
    advice: "Close other programs that use it, then try again. You can still watch and listen.",
  },
  capture_failed: {
    title: "Camera, microphone or screen could not start",
    advice: "Try again; if that does not help, restart the browser.",
  },
  connection_lost: {
    title: "The server cannot be reached",
    advice: "Check your internet connection, then try again.",
  },
  connect_timeout: {
    title: "The server does not answer",
    advice: "Check your internet connection; a firewall or VPN may also be in the way.",
  },
  request_timeout: { title: "The server took too long to answer", advice: "Try again in a moment." },
  media_timeout: {
    title: "No sound and picture yet",
    advice: "A firewall or VPN may block them. We keep trying.",
  },
  media_failed: { title: "Sound and picture could not be set up", advice: RELOAD },
  ice_failed: {
    title: "Sound and picture are interrupted",
    advice: "Your network may have changed. We are connecting again.",
  },
  dtls_failed: { title: "The secure connection could not be made", advice: RELOAD },
  not_authenticated: { title: "You need an invitation", advice: "Open the link you were invited with." },
  token_invalid: { title: "This invitation is not valid", advice: "Ask the host for a new link." },
  token_expired: { title: "This invitation has expired", advice: "Ask the host for a new link." },
  token_not_yet_valid: { title: "You are early", advice: "This invitation is not valid yet. Try again later." },
  forbidden: { title: "You may not do that here", advice: "Ask the host to allow it." },
  room_not_found: { title: "There is no such room", advice: "Check the room's name or ask for a new link." },
  room_full: { title: "The room is full", advice: "Try again when somebody has left." },
  room_locked: { title: "The room is locked", advice: "Ask the host to let you in." },
  room_ended: { title: "The room has ended", advice: "Thank you for taking part." },
  banned: { title: "You cannot join this room", advice: "A moderator has removed you from it." },
  kicked: { title: "You were removed", advice: "A moderator has removed you from the room." },
  replaced: { title: "You joined elsewhere", advice: "This call goes on in another tab or on another device." },
  duplicate_identity: { title: "You are already in this room", advice: "Leave in the other tab or device first." },
  time_up: { title: "Time is up", advice: "The time for this session is over." },
  queue_denied: { title: "You were not let in", advice: "The host has not admitted you this time." },
  ticket_expired: { title: "Your place in line has expired", advice: "Join again to get a new one." },
  queue_full: { title: "The waiting room is full", advice: "Try again in a few minutes." },
  queue_closed: { title: "The waiting room is closed", advice: "Ask the host when it opens." },
  wrong_password: { title: "Wrong password", advice: "Ask the host for the password of this room." },
  not_in_room: { title: "You are not in the room now", advice: "Try again in a moment." },
  timer_conflict: { title: "The timer cannot be changed like that", advice: "" },
  too_many_connections: { title: "Too many tabs or devices", advice: "Close one where you are connected, then retry." },
  server_full: { title: "The server is full", advice: "Try again in a few minutes." },
  draining: { title: "The server is about to restart", advice: "Try again in a minute." },
  server_restart: { title: "The server is restarting", advice: "Try again in a minute." },
  rate_limited: { title: "That was a bit fast", advice: "Wait a few seconds, then try again." },
  closed_by_server: { title: "The server ended the call", advice: "You can join again." },
  unsupported_version: { title: "This page is out of date", advice: "Reload the page." },
  no_common_codec: {
    title: "This browser speaks none of the server's codecs",
    advice: "Use a current Chrome, Edge, Firefox or Safari.",
  },
};

/** What to tell a person about an error: what happened and what they can do. */
export function messageFor(error: SfuError): Message {
  const message = MESSAGES[error.code] ?? { title: "Something went wrong", advice: `${RELOAD} (${error.code})` };
  return TO_CHECK.includes(error.code) ? { ...message, check: true } : message;
}

/** The words of the page that are not about errors. */
export const TEXTS = {
  checkConnection: "Check the connection",
  chat: {
    title: "Chat",
    show: "Show chat",
    hide: "Hide chat",
    unread: (count: number) => `Show chat, ${count} unread`,
    empty: "No messages yet. Everybody in the room can read what you write here.",
    placeholder: "Write a message",
    send: "Send",
    you: "You",
    sending: "Sending…",
    failed: "Not sent",
    toYou: "to you",
    toOne: "to one person",
  },
  host: {
    title: "Host tools",
    show: "Show host tools",
    hide: "Hide host tools",
    waiting: (count: number) => `Show host tools, ${count} waiting`,
    muteAll: "Mute all",
    lock: "Lock room",
    unlock: "Unlock room",
    extend: "Add 5 minutes",
    end: "End for all",
    endSure: "Really end it?",
    queue: "Waiting",
    queueEmpty: "Nobody is waiting.",
    admitAll: "Admit all",
    admit: "Admit",
    deny: "Deny",
    people: "In the room",
    nobody: "Nobody else is here.",
    mute: "Mute",
    kick: "Remove",
    guest: "Guest",
  },
  waitingRoom: {
    title: (room: string) => `Waiting to enter ${room}`,
    soon: "You will enter by yourself as soon as it is your turn. Keep this page open.",
    paused: "Nobody is here to let people in at the moment. Your place is kept.",
    admitted: "It is your turn. Entering…",
    leave: "Leave the line",
    left: "You left the line",
  },
  reconnecting: (attempt: number, maxAttempts: number) => `Connection lost. Reconnecting (${attempt}/${maxAttempts})…`,
  backAfter: (attempts: number) => `Back after ${attempts} attempts`,
  mutedByHost: (source: string) => `A host muted your ${source}`,
  switched: (room: string) => `You are in ${room} now`,
  timerPaused: "paused",
  timerOver: "overtime",
  timerEnded: "Time is up",
} as const;

/** One's place, as far as the room shows it. */
export function placeText({ ticket: { position, ahead } }: Waiting): string {
  if (position === undefined && ahead === undefined) return "You are in line.";
  const before = ahead ?? (position ?? 1) - 1;
  if (before === 0) return "You are next.";
  return before === 1 ? "One person is before you." : `${before} people are before you.`;
}

/** A range, as nobody knows better. */
export function etaText({ ticket: { eta } }: Waiting): string {
  if (!eta || eta.basis === "unknown") return "Nobody can say how long it will take.";
  const low = Math.floor(eta.lowSec / 60);
  const high = Math.ceil(eta.highSec / 60);
  if (high <= 1) return "About a minute at most.";
  return low === high ? `About ${high} minutes.` : `About ${Math.max(1, low)} to ${high} minutes.`;
}

/** For a switch to a room that has a queue. */
export function waitingElsewhere(waiting: Waiting): string {
  return `${placeText(waiting)} You stay here until the other room lets you in.`;
}

export function remainingText(sec: number): string {
  if (sec < 60) return `${sec} seconds left`;
  const minutes = Math.round(sec / 60);
  return minutes === 1 ? "1 minute left" : `${minutes} minutes left`;
}

export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
