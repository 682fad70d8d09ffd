import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { BrandMark } from "../design/page-head.js";
import { words } from "../i18n/dashboard-words.js";
import { LanguageSelect } from "../i18n/language-select.js";
import { HistoryPage } from "./history/history-page.js";
import { ReportPage } from "./history/report-page.js";
import { VisitPage } from "./history/visit-page.js";
import { DeskProvider, type Desk } from "./parts/context.js";
import { Link } from "./parts/link.js";
import { NoticeList } from "./parts/notices.js";
import { Loading, Trouble } from "./parts/trouble.js";
import { PersonPage } from "./person/person-page.js";
import { RoomPage } from "./room/room-page.js";
import { RoomsPage } from "./rooms-page.js";
import { NO_FILTER, routeOf, type Route } from "./routes.js";
import { ServerPage } from "./server-page.js";
import { SignIn } from "./sign-in.js";

/** All pages in one: which is shown stands behind the address's `#`. */
export function Shell({ desk }: { desk: Desk }) {
  const { session, notices } = desk;
  const [route, setRoute] = useState(() => routeOf(location.hash));
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  useSignalEffect(() => {
    document.title = `${words.value.title} · Parley`;
  });
  const place = placeOf(route);
  const first = useRef(true);
  useEffect(() => {
    // Whoever listens is told where they are now; the first time the browser does that.
    if (!first.current) main.current?.focus();
    first.current = false;
    scrollTo(0, 0);
  }, [place]);
  const state = session.state.value;
  const t = words.value;
  return (
    <DeskProvider value={desk}>
      <header class="desk-top">
        <span class="brand">
          <BrandMark />
          Parley
        </span>
        {state === "in" && (
          <nav aria-label={t.nav.pages}>
            <NavLink to={{ page: "server" }} here={route.page === "server"} text={t.nav.server} />
            <NavLink
              to={{ page: "rooms", search: "" }}
              here={route.page === "rooms" || route.page === "room" || route.page === "participant"}
              text={t.nav.rooms}
            />
            <NavLink
              to={{ page: "history", list: "visits", filter: NO_FILTER }}
              here={route.page === "history" || route.page === "visit" || route.page === "report"}
              text={t.nav.history}
            />
          </nav>
        )}
        <span class="desk-top-end">
          <LanguageSelect />
          {session.signedIn.value && (
            <button type="button" class="quiet" data-action="sign-out" onClick={() => session.signOut()}>
              {t.nav.signOut}
            </button>
          )}
        </span>
      </header>
      <main ref={main} tabIndex={-1} class="desk-main">
        {state === "unknown" && <Unknown desk={desk} />}
        {state === "out" && <SignIn session={session} />}
        {state === "in" && <Page key={place} route={route} />}
      </main>
      <NoticeList notices={notices} />
    </DeskProvider>
  );
}

/** What begins anew when it changes; words and filters are part of one place. */
function placeOf(route: Route): string {
  switch (route.page) {
    case "room":
      return `room ${route.room}`;
    case "participant":
      return `participant ${route.room} ${route.participant}`;
    case "visit":
      return `visit ${route.visit}`;
    case "report":
      return `report ${route.report}`;
    case "server":
    case "rooms":
    case "history":
    case "nowhere":
      return route.page;
  }
}

function NavLink({ to, here, text }: { to: Route; here: boolean; text: string }) {
  return (
    <span class="nav-link" data-here={here ? "" : undefined}>
      <Link to={to}>{text}</Link>
    </span>
  );
}

function Unknown({ desk: { session } }: { desk: Desk }) {
  const error = session.problem.value;
  if (!error) return <Loading />;
  return (
    <div class="desk-card">
      <Trouble error={error} />
      <button type="button" class="primary" data-action="retry" onClick={() => void session.start()}>
        {words.value.retry}
      </button>
    </div>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "server":
      return <ServerPage />;
    case "rooms":
      return <RoomsPage search={route.search} />;
    case "room":
      return <RoomPage room={route.room} />;
    case "participant":
      return <PersonPage room={route.room} participant={route.participant} />;
    case "history":
      return <HistoryPage list={route.list} filter={route.filter} />;
    case "visit":
      return <VisitPage visit={route.visit} />;
    case "report":
      return <ReportPage report={route.report} />;
    case "nowhere":
      return <p class="desk-card">{words.value.nowhere}</p>;
  }
}
