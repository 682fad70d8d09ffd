// Runs in a page before its own scripts, and gives it devices that can be pulled out and put back: window.unplug(track) resolves
// with the device's id, which window.plugIn(id) takes; window.unplug(track, true) pulls out all of its kind.
const media = navigator.mediaDevices;
const nativeEnumerate = media.enumerateDevices.bind(media);
const nativeGetUserMedia = media.getUserMedia.bind(media);
const gone = new Set();
const KINDS = { audio: "audioinput", video: "videoinput" };

media.enumerateDevices = async () => (await nativeEnumerate()).filter(({ deviceId }) => !gone.has(deviceId));

// Chromium would open the first of its own devices, pulled out or not.
async function leftOf(kind, wish) {
  if (gone.size === 0) return wish;
  const left = (await media.enumerateDevices()).filter((device) => device.kind === KINDS[kind]);
  if (left.length === 0) throw new DOMException("It was pulled out.", "NotFoundError");
  const { deviceId: { exact, ideal } = {}, ...rest } = wish === true ? {} : wish;
  if (gone.has(exact)) throw new OverconstrainedError("deviceId", "It was pulled out.");
  const wanted = left.find(({ deviceId }) => deviceId === (exact ?? ideal));
  // The last one: Chromium's second camera sees depth, which no codec takes.
  return { ...rest, deviceId: { exact: (wanted ?? left.at(-1)).deviceId } };
}
media.getUserMedia = async ({ audio, video }) =>
  nativeGetUserMedia({
    ...(audio && { audio: await leftOf("audio", audio) }),
    ...(video && { video: await leftOf("video", video) }),
  });

window.unplug = async (track, others = false) => {
  const { deviceId } = track.getSettings();
  gone.add(deviceId);
  if (others) {
    for (const { kind, deviceId: other } of await nativeEnumerate()) if (kind === KINDS[track.kind]) gone.add(other);
  }
  track.stop();
  track.dispatchEvent(new Event("ended"));
  media.dispatchEvent(new Event("devicechange"));
  return deviceId;
};
window.plugIn = (deviceId) => {
  gone.delete(deviceId);
  media.dispatchEvent(new Event("devicechange"));
};
