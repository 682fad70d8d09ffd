import type { ComponentChildren } from "preact";
import type { Call, Panel as PanelName } from "../call/call.js";
import { IconButton } from "../design/icon-button.js";
import { texts } from "../i18n/language.js";

export interface PanelProps {
  readonly call: Call;
  readonly name: PanelName;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What stands beside the stage. Escape closes it, and the focus goes back to its button. */
export function Panel({ call, name, title, children }: PanelProps) {
  const close = () => {
    document.querySelector<HTMLElement>(`.toolbar [data-action=${name}]`)?.focus();
    call.togglePanel(name);
  };
  return (
    <aside
      class="panel"
      data-panel={name}
      aria-label={title}
      onKeyDown={({ key }) => {
        if (key === "Escape") close();
      }}
    >
      <header class="panel-head">
        <h2>{title}</h2>
        <IconButton action="close-panel" class="plain" icon="close" label={texts.value.close} run={close} />
      </header>
      {children}
    </aside>
  );
}
