// Runs in a page before its own scripts, and counts and measures what the page does, without the page's help.
const peers = [];
const times = {};
const errors = [];
let offers = 0;
let sockets = 0;

const NativePeerConnection = window.RTCPeerConnection;
window.RTCPeerConnection = class RTCPeerConnection extends NativePeerConnection {
  constructor(...options) {
    super(...options);
    peers.push(this);
  }
  createOffer(...options) {
    offers++;
    return super.createOffer(...options);
  }
};
const NativeWebSocket = window.WebSocket;
window.WebSocket = class WebSocket extends NativeWebSocket {
  constructor(...options) {
    super(...options);
    sockets++;
  }
};
window.addEventListener("error", (event) => errors.push(String(event.message)));
window.addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));

const mark = (name) => (times[name] ??= Math.round(performance.now()));
// Media events do not bubble, but are captured: the first frame of somebody else is there to be painted.
document.addEventListener(
  "loadeddata",
  ({ target }) => {
    if (target.matches?.("[data-participant-id]:not([data-own]) video")) mark("firstPicture");
  },
  true,
);
document.addEventListener("DOMContentLoaded", () => {
  const state = () => document.body.dataset.state && mark(document.body.dataset.state);
  new MutationObserver(state).observe(document.body, { attributes: true, attributeFilter: ["data-state"] });
  state();
});

// A picture in small: its mean brightness, and a number that differs when the picture does.
const canvas = new OffscreenCanvas(32, 18);
const context = canvas.getContext("2d", { willReadFrequently: true });
function pixels(video) {
  if (video.videoWidth === 0) return { brightness: 0, digest: 0 };
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  let digest = 0;
  for (let i = 0; i < data.length; i++) {
    if (i % 4 === 3) continue;
    sum += data[i];
    digest = (Math.imul(digest, 31) + data[i]) | 0;
  }
  return { brightness: Math.round(sum / ((data.length * 3) / 4)), digest };
}

function tiles() {
  return [...document.querySelectorAll("[data-participant-id][data-source]")].map((tile) => {
    const video = tile.querySelector("video");
    const { participantId, source, name = "" } = tile.dataset;
    const { left, top, right, bottom } = tile.getBoundingClientRect();
    return {
      participantId,
      source,
      name,
      own: "own" in tile.dataset,
      picture: "picture" in tile.dataset,
      muted: "muted" in tile.dataset,
      paused: "paused" in tile.dataset,
      speaking: "speaking" in tile.dataset,
      mid: video.dataset.mid ?? "",
      width: video.videoWidth,
      height: video.videoHeight,
      box: [left, top, right, bottom].map(Math.round),
      ...pixels(video),
    };
  });
}

async function statsOf(peer) {
  const all = new Map();
  (await peer.getStats()).forEach((stats) => all.set(stats.id, stats));
  const values = [...all.values()];
  const midOfTrack = new Map(peer.getTransceivers().map(({ mid, receiver }) => [receiver.track.id, mid]));
  const address = (candidate) => candidate && `${candidate.address ?? candidate.ip}:${candidate.port}`;
  const transport = values.find(({ type }) => type === "transport");
  const selected =
    all.get(transport?.selectedCandidatePairId) ??
    values.find(({ type, selected }) => type === "candidate-pair" && selected) ??
    values.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
  const local = all.get(selected?.localCandidateId);
  const remote = all.get(selected?.remoteCandidateId);
  return {
    connection: peer.connectionState,
    ice: peer.iceConnectionState,
    dtls: transport?.dtlsState ?? "",
    srtp: transport?.srtpCipher ?? "",
    selected: selected
      ? { local: address(local), localType: local?.candidateType, protocol: local?.protocol, relayProtocol: local?.relayProtocol ?? null, remote: address(remote), remoteType: remote?.candidateType }
      : null,
    available: Math.round(selected?.availableOutgoingBitrate ?? 0),
    remoteCandidates: values.filter(({ type }) => type === "remote-candidate").map(address),
    inbound: values
      .filter(({ type, packetsReceived }) => type === "inbound-rtp" && packetsReceived > 0)
      .map((s) => ({
        mid: s.mid ?? midOfTrack.get(s.trackIdentifier) ?? "",
        kind: s.kind,
        codec: all.get(s.codecId)?.mimeType ?? "",
        packets: s.packetsReceived ?? 0,
        lost: s.packetsLost ?? 0,
        frames: s.framesDecoded ?? 0,
        keyFrames: s.keyFramesDecoded ?? 0,
        width: s.frameWidth ?? 0,
        height: s.frameHeight ?? 0,
        freezes: s.freezeCount ?? 0,
        plis: s.pliCount ?? 0,
        nacks: s.nackCount ?? 0,
        energy: s.totalAudioEnergy ?? 0,
        level: s.audioLevel ?? 0,
      })),
    outbound: values
      .filter(({ type, packetsSent }) => type === "outbound-rtp" && packetsSent > 0)
      .map((s) => ({
        mid: s.mid ?? "",
        kind: s.kind,
        packets: s.packetsSent ?? 0,
        frames: s.framesEncoded ?? 0,
        rid: s.rid ?? "",
        target: Math.round(s.targetBitrate ?? 0),
        repeated: s.retransmittedPacketsSent ?? 0,
        width: s.frameWidth ?? 0,
        height: s.frameHeight ?? 0,
        plis: s.pliCount ?? 0,
        limited: s.qualityLimitationReason ?? "",
      })),
  };
}

window.probe = async () => {
  const room = window.parley?.room;
  return JSON.stringify({
    state: document.body.dataset.state ?? "",
    participantId: room?.self?.id ?? "",
    said: [...document.querySelectorAll("[role=alert]:not([hidden]), [role=status]:not([hidden])")]
      .map((element) => element.innerText.trim())
      .filter((text) => text !== ""),
    errors,
    offers,
    sockets,
    diagnostics: room?.diagnostics() ?? null,
    slots: (room?.slots ?? [])
      .filter(({ state }) => state !== "empty")
      .map(({ mid, kind, state, participantId, source, reason }) => ({ mid, kind, state, participantId, source, reason })),
    tiles: tiles(),
    window: [0, 0, innerWidth, innerHeight],
    previewing: document.querySelector(".preview video")?.videoWidth > 0,
    peers: await Promise.all(peers.map(statsOf)),
    times,
  });
};
