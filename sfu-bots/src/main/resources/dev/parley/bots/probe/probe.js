// Runs before the page's own scripts: keeps its connections, and sums up what they receive.
(() => {
  const began = performance.now();
  const connections = [];
  const first = { connectedMs: null, pictureMs: null };
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...options) {
      super(...options);
      connections.push(this);
      this.addEventListener("connectionstatechange", () => {
        if (this.connectionState === "connected") first.connectedMs ??= performance.now() - began;
      });
    }
  };
  async function sum() {
    const seen = {
      streams: 0, framesDecoded: 0, framesDropped: 0, freezes: 0, freezeSec: 0, packets: 0, lost: 0,
      height: 0, roundTripMs: null,
    };
    for (const connection of connections) {
      if (connection.connectionState === "closed") continue;
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type === "inbound-rtp") {
          seen.packets += entry.packetsReceived ?? 0;
          seen.lost += entry.packetsLost ?? 0;
          if (entry.kind === "video" && (entry.framesDecoded ?? 0) > 0) {
            seen.streams++;
            seen.framesDecoded += entry.framesDecoded;
            seen.framesDropped += entry.framesDropped ?? 0;
            seen.freezes += entry.freezeCount ?? 0;
            seen.freezeSec += entry.totalFreezesDuration ?? 0;
            seen.height = Math.max(seen.height, entry.frameHeight ?? 0);
          }
        } else if (entry.type === "candidate-pair" && entry.nominated && entry.currentRoundTripTime !== undefined) {
          seen.roundTripMs = entry.currentRoundTripTime * 1000;
        }
      }
    }
    return seen;
  }
  const timer = setInterval(async () => {
    if ((await sum()).framesDecoded > 0 && first.pictureMs === null) {
      first.pictureMs = performance.now() - began;
      clearInterval(timer);
    }
  }, 50);
  window.parleyProbe = async () => JSON.stringify({ ...first, ...(await sum()), connections: connections.length });
})();
