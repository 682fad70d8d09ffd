import type { ComponentChildren } from "preact";

export type Fact = readonly [name: string, title: string, value: ComponentChildren];

/** Names and values side by side. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, title, value]) => (
        <div key={name} data-fact={name}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
