import { effect } from "@preact/signals";
import { render } from "preact";
import "../design/base.css";
import "./diagnostics.css";
import { startLanguage, texts } from "../i18n/language.js";
import { CheckPage } from "./check-page.js";
import { CheckState } from "./check-state.js";

const state = new CheckState();
window.parleyCheck = {
  get report() {
    return state.report.value;
  },
};
startLanguage();
effect(() => {
  document.body.dataset["state"] = state.report.value ? "done" : "running";
});
effect(() => {
  document.title = `${texts.value.diagnostics.title} · Parley`;
});
const app = document.querySelector("#app");
if (!app) throw new Error("diagnostics.html has no #app.");
render(<CheckPage state={state} />, app);
void state.toggle();
