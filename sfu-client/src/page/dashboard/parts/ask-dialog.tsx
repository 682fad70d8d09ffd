import type { ComponentChildren } from "preact";
import { Dialog } from "../../design/dialog.js";
import { words } from "../../i18n/dashboard-words.js";

export interface AskDialogProps {
  readonly name: string;
  readonly title: string;
  /** What the button says that does it. */
  readonly action: string;
  readonly danger?: boolean;
  readonly children: ComponentChildren;
  readonly closed: () => void;
  readonly run: (answers: FormData) => void;
}

/** Asks for what an action needs, or whether it is meant. */
export function AskDialog({ name, title, action, danger, children, closed, run }: AskDialogProps) {
  return (
    <Dialog name={name} title={title} closed={closed}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(new FormData(event.currentTarget));
          closed();
        }}
      >
        {children}
        <div class="row">
          <button type="submit" class={danger === true ? "quiet danger" : "primary"} data-action={`${name}-do`}>
            {action}
          </button>
          <button type="button" class="quiet" data-action={`${name}-cancel`} onClick={closed}>
            {words.value.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** @returns what was written into a field, without blanks around it */
export function answer(answers: FormData, name: string): string {
  const value = answers.get(name);
  return typeof value === "string" ? value.trim() : "";
}
