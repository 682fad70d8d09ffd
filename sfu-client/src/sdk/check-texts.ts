import type { CheckTexts } from "./check-reasons.js";

const ASK = "Ask whoever runs your network to allow it";
const BROWSERS = "Use a current Chrome, Edge, Firefox or Safari.";
const HTTPS = "Open this address with https://. One can watch and listen meanwhile.";
const ALLOW = "Allow it with the icon beside the address, and in the system's settings; then run the check again.";
const CONNECT = "Connect one and run the check again. One can watch and listen without.";
const BUSY = "Close other programs that use it, then run the check again.";
const AGAIN = "Run the check again. If it stays so, send us the report.";
const DIRECT = `This matters only where no direct way works. ${ASK}.`;
const NEARER = "Use a cable or stand nearer to the Wi-Fi, and stop downloads. Without a camera calls need far less.";

/** What a report says, whatever language the page around it speaks. */
export const ENGLISH_CHECK_TEXTS: CheckTexts = {
  stopped: { cause: "The check was stopped." },
  not_asked: { cause: "This was not asked for." },
  no_server: { cause: "There is no connection to the server." },
  no_webrtc: { cause: "This browser cannot make calls." },
  webrtc_missing: {
    cause: "This browser cannot make calls: it has no WebRTC, or WebRTC is switched off.",
    advice: "Use a current Chrome, Edge, Firefox or Safari, and switch off add-ons that block WebRTC.",
  },
  insecure_page: {
    cause: "This page is not secure, so the browser gives no access to microphone and camera.",
    advice: HTTPS,
  },
  devices_unsupported: { cause: "This browser gives no access to microphone and camera.", advice: BROWSERS },
  microphone_denied: { cause: "Access to the microphone was not allowed.", advice: ALLOW },
  microphone_missing: { cause: "No microphone was found.", advice: CONNECT },
  microphone_busy: { cause: "The microphone could not be started.", advice: BUSY },
  microphone_silent: {
    cause: "The microphone gives no sound at all.",
    advice: "Look for a switch on the microphone or the headset, and for the system's mute; or choose another one.",
  },
  microphone_quiet: {
    cause: "The microphone was hardly heard.",
    advice: "Say something while it is checked, come nearer, or turn its level up in the system's settings.",
  },
  camera_denied: { cause: "Access to the camera was not allowed.", advice: ALLOW },
  camera_missing: { cause: "No camera was found.", advice: CONNECT },
  camera_busy: { cause: "The camera could not be started.", advice: BUSY },
  camera_frozen: {
    cause: "The camera gives no moving picture.",
    advice: "Unplug it and plug it in again, or choose another one.",
  },
  camera_dark: { cause: "The camera's picture is black.", advice: "Open its cover, or switch on a light." },
  tone_not_heard: {
    cause: "The tone was not heard.",
    advice:
      "Turn the volume up, look whether headphones are plugged in, and choose another speaker in the system's settings.",
  },
  server_unreachable: {
    cause: "The server cannot be reached by WebSocket.",
    advice: "Check the internet connection. A firewall, a proxy or a VPN may block it: try another network.",
  },
  server_slow: {
    cause: "The server answers slowly: after {roundTripMs} ms.",
    advice: "A far or busy network does that. A cable or a better Wi-Fi often helps; a VPN often hurts.",
  },
  invitation_refused: {
    cause: "The server is there, but it does not take this invitation.",
    advice: "Open this page from the link that you were invited with, or ask for a new one.",
  },
  not_allowed: { cause: "This invitation does not allow it." },
  no_place: {
    cause: "The server has no place for this check at the moment.",
    advice: "Close other tabs with calls, and run the check again in a minute.",
  },
  connection_lost: {
    cause: "The connection to the server was lost meanwhile.",
    advice: "Run the check again. If it happens again, the network cuts connections.",
  },
  clock_behind: {
    cause: "This device's clock is {offsetSec} s behind the server's.",
    advice: "Let the system set date and time by itself: invitations and certificates depend on it.",
  },
  clock_ahead: {
    cause: "This device's clock is {offsetSec} s ahead of the server's.",
    advice: "Let the system set date and time by itself: invitations and certificates depend on it.",
  },
  not_resumed: {
    cause: "The server did not keep the session when the connection was gone for a moment.",
    advice: "After a short outage one has to join again. Tell whoever runs the server.",
  },
  udp_absent: { cause: "The server offers no UDP address." },
  udp_blocked: {
    cause: "UDP does not get through to the server: a firewall or a VPN blocks it.",
    advice: `Calls go by TCP or by a relay then, with more delay. ${ASK}, or try another network.`,
  },
  tcp_absent: { cause: "The server offers no TCP address." },
  tcp_blocked: {
    cause: "The server's media port cannot be reached by TCP.",
    advice: `This matters only where UDP is blocked as well. ${ASK}.`,
  },
  relay_udp_absent: { cause: "The server names no relay for UDP." },
  relay_udp_blocked: { cause: "The relay cannot be reached by UDP, or it refuses to serve.", advice: DIRECT },
  relay_tcp_absent: { cause: "The server names no relay for TCP." },
  relay_tcp_blocked: { cause: "The relay cannot be reached by TCP, or it refuses to serve.", advice: DIRECT },
  relay_tls_absent: { cause: "The server names no relay for TLS." },
  relay_tls_blocked: {
    cause: "The relay cannot be reached by TLS, or it refuses to serve.",
    advice: "This is the last way through a strict firewall. Tell whoever runs the server.",
  },
  encryption_failed: {
    cause: "The server was reached, but the encryption could not be set up.",
    advice: "A firewall that looks into connections can do that: try another network.",
  },
  no_way: {
    cause: "Sound and picture do not get through to the server, by no way there is.",
    advice: "Try another network, for example a phone's, or switch off a VPN; then send us the report.",
  },
  nothing_sent: {
    cause: "The browser sent no picture.",
    advice: "Keep this page in view and run the check again. If it stays so, send us the report.",
  },
  nothing_back: {
    cause: "Nothing of what was sent came back.",
    advice: "Keep this page in view and run the check again. If it stays so, send us the report.",
  },
  loss: { cause: "{lossPercent} % of the packets are lost.", advice: NEARER },
  delay: { cause: "A packet takes {roundTripMs} ms there and back.", advice: NEARER },
  jitter: { cause: "Packets arrive unevenly, by {jitterMs} ms.", advice: NEARER },
  narrow: { cause: "Only {receivedKbps} kbit/s get through.", advice: NEARER },
  unexpected: { cause: "Something went wrong that should not.", advice: AGAIN },
};
