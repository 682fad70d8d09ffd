import { effect } from "@preact/signals";
import { render } from "preact";
import "../design/base.css";
import "./test.css";
import { startLanguage, texts } from "../i18n/language.js";
import { TestPage } from "./test-page.js";

startLanguage();
effect(() => {
  document.title = `${texts.value.test.title} · Parley`;
});
const app = document.querySelector("#app");
if (!app) throw new Error("test.html has no #app.");
render(<TestPage />, app);
