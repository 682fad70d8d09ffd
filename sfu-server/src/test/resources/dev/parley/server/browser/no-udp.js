// Runs in a page before its own scripts: a network that lets no UDP through. In the answers that the page gets, UDP leads to
// the port where nobody listens (discard, RFC 863).
const candidate = /^(a=candidate:\S+ \d+ udp \d+ \S+) \d+ /i;
const native = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function (description, ...rest) {
  const sdp = description.sdp
    .split("\r\n")
    .map((line) => line.replace(candidate, "$1 9 "))
    .join("\r\n");
  return native.call(this, { type: description.type, sdp }, ...rest);
};
