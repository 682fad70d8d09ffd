// What is wrong with how a page is laid out, as sentences: what sticks out of the window, is cut, or lies on something else.
window.layoutFaults = () => {
  const slackPx = 1.5;
  const faults = [];
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
  const tell = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const name = element.dataset.action ?? element.className ?? "";
    const words = (element.innerText ?? "").trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}[${name}] "${words}" at ${[left, top, right, bottom].map(Math.round)}`;
  };
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + slackPx) faults.push(`The page is ${root.scrollWidth} px wide in ${innerWidth}.`);

  // Behind a dialog, an open menu or a panel over the stage nothing is to be used, so it may be covered.
  const top = document.querySelector("dialog[open]") ?? document.querySelector(":popover-open") ?? document.body;
  const fits = top === document.body && document.querySelector(".call") !== null;
  const within = (element, box) => {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(parent).overflowY)) return true;
    }
    return element.getBoundingClientRect().bottom <= box + slackPx;
  };
  const usable = [...top.querySelectorAll("button, a, input, select, summary, iframe")].filter(shown);
  for (const element of usable) {
    const { left, right } = element.getBoundingClientRect();
    if (left < -slackPx || right > innerWidth + slackPx) faults.push(`Out of the window: ${tell(element)}`);
    // A call has no scroll bar: all of it is in sight.
    if (fits && !within(element, innerHeight)) faults.push(`Below the window: ${tell(element)}`);
  }

  // Names and addresses of any length may be shortened; words of the page may not.
  const shortened = ".name, .call-bar h1, select, input, .brand-mark, .spoken, video, .avatar";
  for (const element of top.querySelectorAll("*")) {
    if (!shown(element) || element.closest(shortened) || element.closest("svg")) continue;
    const ownText = [...element.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim() !== "");
    if (!ownText) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const text = range.getBoundingClientRect();
    for (let box = element; box && box !== top; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (/auto|scroll/.test(style.overflowY)) break;
      const frame = box.getBoundingClientRect();
      const cut = text.left < frame.left - slackPx || text.right > frame.right + slackPx;
      const cutBelow = text.bottom > frame.bottom + slackPx || text.top < frame.top - slackPx;
      const isControl = box.matches("button, .toast, .banner, .card, .panel, .plate, .timer-chip, .path");
      if ((cut || cutBelow) && (style.overflowX === "hidden" || isControl)) {
        faults.push(`Cut by ${tell(box)}: ${tell(element)}`);
        break;
      }
    }
  }

  const panel = [...document.querySelectorAll(".panel, .statistics")].filter(shown);
  const covered = (element) =>
    panel.some((cover) => {
      if (cover.contains(element)) return false;
      const a = cover.getBoundingClientRect();
      const b = element.getBoundingClientRect();
      return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    });
  const blocks = [
    ...usable.filter((element) => !element.closest(".tile, .toasts") && !covered(element)),
    ...[...top.querySelectorAll(".tile, .banner, .path, .count, .call-bar h1, .call-bar .duration, .invite")].filter(
      (element) => shown(element) && !covered(element),
    ),
  ];
  for (const [index, one] of blocks.entries()) {
    for (const other of blocks.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const a = one.getBoundingClientRect();
      const b = other.getBoundingClientRect();
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > slackPx && high > slackPx) faults.push(`${tell(one)} lies on ${tell(other)}`);
    }
  }
  return faults.join("\n");
};
