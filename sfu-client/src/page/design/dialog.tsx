import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { texts } from "../i18n/language.js";
import { IconButton } from "./icon-button.js";

export interface DialogProps {
  readonly name: string;
  readonly title: string;
  readonly closed: () => void;
  readonly children: ComponentChildren;
}

/** The browser's own modal dialog: it keeps the focus inside, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ name, title, closed, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // With the frame that shows it: a key that is pressed then belongs to it already.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      data-dialog={name}
      aria-labelledby={`${name}-title`}
      onClose={closed}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={`${name}-title`}>{title}</h2>
          <IconButton
            action="close"
            class="plain"
            icon="close"
            label={texts.value.close}
            run={() => dialog.current?.close()}
          />
        </header>
        {children}
      </div>
    </dialog>
  );
}
