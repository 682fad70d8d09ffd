import type { CheckId, CheckResult } from "../sdk/check.js";
import { detailText, VERDICTS } from "./diagnostics-texts.js";
import { el } from "./dom.js";

/** One line for each check, in the order in which they begin: what came of it, why, and what to do. */
export class CheckList {
  readonly element = el("ol", { class: "checks" });
  readonly #lines = new Map<CheckId, HTMLLIElement>();

  clear(): void {
    this.#lines.clear();
    this.element.replaceChildren();
  }

  started(id: CheckId, title: string): void {
    const line = el("li", { class: "check", "data-check": id, "data-verdict": "running" }, head(title, "running"));
    this.#lines.set(id, line);
    this.element.append(line);
  }

  finished({ id, title, verdict, cause, advice, details, durationMs }: CheckResult): void {
    const line = this.#lines.get(id);
    if (!line) return;
    line.dataset["verdict"] = verdict;
    const measured = Object.entries(details);
    line.replaceChildren(
      head(title, verdict),
      ...(cause === undefined ? [] : [el("p", { class: "check-cause" }, cause)]),
      ...(advice === undefined ? [] : [el("p", { class: "check-advice" }, advice)]),
      ...(measured.length === 0
        ? []
        : [
            el(
              "details",
              {},
              el("summary", { "aria-label": `Details of ${title}` }, "Details"),
              el(
                "dl",
                {},
                ...[...measured, ["durationMs", durationMs] as const].flatMap(([name, value]) => {
                  const { label, text } = detailText(name, value);
                  return [el("dt", {}, label), el("dd", {}, text)];
                }),
              ),
            ),
          ]),
    );
  }
}

function head(title: string, verdict: keyof typeof VERDICTS): HTMLElement {
  const { sign, word } = VERDICTS[verdict];
  return el(
    "div",
    { class: "check-line" },
    el("span", { class: "check-sign", "aria-hidden": "true" }, sign),
    el("span", { class: "check-title" }, title),
    el("span", { class: "check-verdict" }, word),
  );
}
