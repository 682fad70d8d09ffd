import { render } from "preact";
import "../design/base.css";
import "./dashboard.css";
import { startLanguage } from "../i18n/language.js";
import { Session } from "./data/session.js";
import { Notices } from "./parts/notices.js";
import { Shell } from "./shell.js";

const session = new Session({ storage: sessionStorage, baseUrl: location.origin });
startLanguage();
const app = document.querySelector("#app");
if (!app) throw new Error("The page has no #app.");
render(<Shell desk={{ session, notices: new Notices() }} />, app);
void session.start();
