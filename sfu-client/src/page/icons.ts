const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid, drawn with the text's colour. */
const PATHS = {
  microphone: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  microphoneOff:
    "M4 4l16 16M9 9v3a3 3 0 0 0 4.6 2.5M15 11.6V6a3 3 0 0 0-5.7-1.3M5.5 11.5a6.5 6.5 0 0 0 10.4 5.2M18.5 11.5a6.4 6.4 0 0 1-.7 2.9M12 18v3",
  camera: "M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM15.5 10.5l6-3.5v10l-6-3.5",
  cameraOff:
    "M4 4l16 16M10 6.5h3.5a2 2 0 0 1 2 2v2l6-3.5v10M15.5 15.5a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2h2",
  screen:
    "M4 5h16a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 20 17H4a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 5zM8 20.5h8M12 14V8.5M9.5 10.5L12 8l2.5 2.5",
  screenStop:
    "M4 5h16a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 20 17H4a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 4 5zM8 20.5h8M9.8 8.8l4.4 4.4M14.2 8.8l-4.4 4.4",
  leave:
    "M2.6 13.9c-.5-2 .9-3.9 3.3-5a14.6 14.6 0 0 1 12.2 0c2.4 1.1 3.8 3 3.3 5l-.3 1.200c-.2.7-.9 1.1-1.6.9l-3-.8a1.3 1.3 0 0 1-1-1.300v-2.100a12.5 12.5 0 0 0-7 0v2.100c0 .6-.4 1.1-1 1.300l-3 .8c-.7.2-1.4-.2-1.6-.9z",
  pin: "M9 3.500h6l-.8 6 3.3 3.500v1.500H6.500V13l3.3-3.500zM12 14.500V21",
  sound: "M4 9.500v5h3.500L12 19V5L7.5 9.500zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.500a7.8 7.8 0 0 1 0 11",
  slow: "M5 19v-3M10 19v-6M15 9.500v9.500M20 6v13M12.5 5.500l5 0",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.700l1-1",
  chat: "M5 4.500h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z",
  shield: "M12 3l7.500 3v5.500c0 4.600-3.100 8-7.500 9.500-4.400-1.500-7.500-4.900-7.500-9.500V6z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-5 16-4-6.500z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.400a3.5 3.5 0 0 1 0 6.200M18 14.200a6.5 6.5 0 0 1 3.5 5.8",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
