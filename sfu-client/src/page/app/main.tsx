import { effect } from "@preact/signals";
import { render } from "preact";
import "../design/base.css";
import "../call/call.css";
import "../call/tile.css";
import "../devices/devices.css";
import "../panels/panels.css";
import "../prejoin/prejoin.css";
import "../stats/statistics.css";
import { CallPage } from "../call/call-page.js";
import { FarewellPage } from "../farewell/farewell-page.js";
import { startLanguage } from "../i18n/language.js";
import { PrejoinPage } from "../prejoin/prejoin-page.js";
import { WaitingPage } from "../waiting/waiting-page.js";
import { readInvitation } from "./address.js";
import { pageApi } from "./page-api.js";
import { seated, takeSeat } from "./seat.js";
import { Visits } from "./visits.js";

const visits = new Visits();

function Page() {
  const screen = visits.screen.value;
  switch (screen?.kind) {
    case undefined:
      return null;
    case "prejoin":
      return <PrejoinPage state={screen.prejoin} join={screen.join} />;
    case "waiting":
      return <WaitingPage view={screen.view} />;
    case "call":
      return <CallPage call={screen.call} />;
    case "farewell":
      return <FarewellPage {...screen.farewell} />;
  }
}

window.parley = pageApi(visits);
window.addEventListener("pagehide", () => visits.leavePage());
// From the browser's cache a page comes back with its visit over.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
window.addEventListener("hashchange", () => visits.followAddress());
startLanguage();
effect(() => {
  document.body.dataset["state"] = visits.state.value;
});
effect(() => {
  document.title = visits.title.value;
});
const app = document.querySelector("#app");
if (!app) throw new Error("index.html has no #app.");
const invitation = readInvitation();
const seat = takeSeat(invitation.room);
visits.start(seat ? seated(invitation, seat) : invitation);
render(<Page />, app);
