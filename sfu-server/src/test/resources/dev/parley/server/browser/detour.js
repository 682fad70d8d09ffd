// Runs in a page before its own scripts, with `ports` from the server's media port to that of a relay in front of it: the
// page's media then takes its way through the relay, as the answers it gets name no other address.
const candidate = /^a=candidate:(\S+ \d+ udp \d+) 127\.0\.0\.1 (\d+) /i;
const native = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function (description, ...rest) {
  const sdp = description.sdp
    .split("\r\n")
    .flatMap((line) => {
      if (!line.startsWith("a=candidate:")) return [line];
      const port = ports[candidate.exec(line)?.[2]];
      return port === undefined ? [] : [line.replace(candidate, `a=candidate:$1 127.0.0.1 ${port} `)];
    })
    .join("\r\n");
  return native.call(this, { type: description.type, sdp }, ...rest);
};
