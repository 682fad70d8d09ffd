import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.js";

export interface IconButtonProps {
  /** The hook for tests and styles. */
  readonly action: string;
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
  readonly class?: string;
  /** For what is on or off. */
  readonly pressed?: boolean | undefined;
  /** The key that does the same, as it is printed on it. */
  readonly shortcut?: string;
  readonly children?: ComponentChildren;
}

/** A button that shows a picture and says its name. */
export function IconButton({ action, icon, label, run, pressed, shortcut, children, class: kind }: IconButtonProps) {
  return (
    <button
      type="button"
      class={kind}
      data-action={action}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      onClick={(event) => {
        run();
        // Whoever clicks with a pointer keeps the space bar for talking; whoever uses the keyboard keeps the focus.
        if (event.detail > 0) event.currentTarget.blur();
      }}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}
