// Gives a page a camera that shows a drawn person, whose looks follow from the name in the address: for a picture of a
// call in which everyone looks different, and nobody's face is needed.
const name = new URLSearchParams(location.search).get("name") ?? "";
// From 5017 on, the four people of the picture differ in everything.
const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 5017);
const pick = (list, salt) => list[((seed * salt) >> 3) % list.length];

function draw(context, width, height, seconds) {
  const [wall, light, table] = pick(
    [
      ["#22405c", "#5f8fb4", "#182c40"],
      ["#4a3350", "#a3779f", "#332338"],
      ["#2f4a3c", "#7fa98c", "#20332a"],
      ["#5a3d2b", "#c4936b", "#3d291d"],
    ],
    3,
  );
  const room = context.createRadialGradient(width * 0.3, height * 0.2, 20, width * 0.4, height * 0.4, width * 0.9);
  room.addColorStop(0, light);
  room.addColorStop(1, wall);
  context.fillStyle = room;
  context.fillRect(0, 0, width, height);
  context.fillStyle = "rgba(255, 244, 214, 0.5)";
  for (let pane = 0; pane < 4; pane++) context.fillRect(46 + (pane % 2) * 52, 40 + Math.floor(pane / 2) * 62, 46, 56);
  context.fillStyle = table;
  context.fillRect(width - 150, 88, 110, 10);
  ["#c8553d", "#e0b25c", "#6c9a8b", "#ddd3c2"].forEach((color, book) => {
    context.fillStyle = color;
    context.fillRect(width - 142 + book * 22, 44 + (book % 2) * 8, 16, 44 - (book % 2) * 8);
  });

  const x = width / 2 + Math.sin(seconds * 0.9 + seed) * 9;
  const y = height * 0.46 + Math.sin(seconds * 1.7 + seed) * 4;
  const skin = pick(["#f1c7a5", "#d9a47c", "#8d5a3b", "#b97f56"], 5);
  const hair = pick(["#2b1d16", "#6b4226", "#3a3a42", "#b0763d"], 7);
  context.fillStyle = pick(["#2d6cdf", "#c8553d", "#2f9e77", "#7a4fb5"], 11);
  context.beginPath();
  context.ellipse(x, height + 22, 132, 128, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = hair;
  context.beginPath();
  context.ellipse(x, y - 14, 66, 70, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = skin;
  context.fillRect(x - 22, y + 40, 44, 50);
  context.beginPath();
  context.ellipse(x, y + 6, 54, 64, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#241a17";
  const blink = (seconds + (seed % 5)) % 4 < 0.12 ? 1 : 6;
  for (const side of [-1, 1]) {
    context.beginPath();
    context.ellipse(x + side * 20, y, 5, blink, 0, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = "#241a17";
  context.lineWidth = 4;
  context.lineCap = "round";
  context.beginPath();
  context.arc(x, y + 22, 20, 0.2 * Math.PI, 0.8 * Math.PI);
  context.stroke();
}

const nativeGetUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
  const stream = audio ? await nativeGetUserMedia({ audio }) : new MediaStream();
  if (video) {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const context = canvas.getContext("2d");
    const paint = () => draw(context, canvas.width, canvas.height, performance.now() / 1000);
    paint();
    // Enough to be seen to move, and cheap for machines that show four of them to four.
    setInterval(paint, 100);
    canvas.captureStream(10).getVideoTracks().forEach((track) => stream.addTrack(track));
  }
  return stream;
};
