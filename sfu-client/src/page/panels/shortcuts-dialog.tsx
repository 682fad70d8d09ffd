import { Dialog } from "../design/dialog.js";
import { texts } from "../i18n/language.js";

export function ShortcutsDialog({ closed }: { closed: () => void }) {
  const t = texts.value.shortcuts;
  const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
    [["M"], t.microphone],
    [["V"], t.camera],
    [["D"], t.screen],
    [[t.space], t.talk],
    [["R"], t.hand],
    [["C"], t.chat],
    [["P"], t.people],
    [["W"], t.view],
    [["F"], t.strip],
    [["1", "9"], t.pin],
    [["PgUp", "PgDn"], t.pages],
    [["S"], texts.value.call.fullScreen],
    [["T"], t.statistics],
    [["?"], t.help],
  ];
  return (
    <Dialog name="shortcuts" title={t.title} closed={closed}>
      <dl class="keys">
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name, index) => (
                <>
                  {index > 0 && " – "}
                  <kbd>{name}</kbd>
                </>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
