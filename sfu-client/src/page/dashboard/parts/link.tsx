import type { ComponentChildren } from "preact";
import { addressOf, type Route } from "../routes.js";

export function Link({ to, children, class: kind }: { to: Route; children: ComponentChildren; class?: string }) {
  return (
    <a href={addressOf(to)} class={kind}>
      {children}
    </a>
  );
}
