import { useEffect, useState } from "preact/hooks";

const SURE_FOR_MS = 4000;

export interface SureButtonProps {
  readonly action: string;
  readonly text: string;
  /** For whoever hears it, when the text alone does not say whom it is about. */
  readonly label?: string;
  /** What it asks before it does anything. */
  readonly sure: string;
  readonly run: () => void;
}

/** Asks back: what it does cannot be undone. */
export function SureButton({ action, text, label, sure, run }: SureButtonProps) {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(() => setAsked(false), SURE_FOR_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return (
    <button
      type="button"
      class="quiet danger"
      data-action={action}
      data-sure={asked ? "asked" : undefined}
      aria-label={asked || label === undefined ? undefined : label}
      onClick={() => {
        setAsked(!asked);
        if (asked) run();
      }}
    >
      {asked ? sure : text}
    </button>
  );
}
