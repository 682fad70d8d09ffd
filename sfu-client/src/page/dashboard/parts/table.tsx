import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { IconButton } from "../../design/icon-button.js";
import { words } from "../../i18n/dashboard-words.js";

export interface Column<T> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
}

export interface TableProps<T> {
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
}

/**
 * A table, where it is narrow a card for each row. The roles are named since a browser forgets them when a table is laid out as
 * something else.
 */
export function Table<T>({ name, caption, columns, rows, keyOf }: TableProps<T>) {
  return (
    <table class="table" role="table" data-table={name} aria-label={caption}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.name} role="columnheader" scope="col">
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" data-row={keyOf(row)}>
            {columns.map((column) => (
              <td key={column.name} role="cell" data-cell={column.name}>
                <span class="cell-title" aria-hidden="true">
                  {column.title}
                </span>
                <span class="cell">{column.cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export interface Paged<T> {
  readonly rows: readonly T[];
  readonly page: number;
  readonly pages: number;
  readonly first: number;
  readonly all: number;
  readonly turn: (to: number) => void;
}

/** So many rows at a time, so that a long list costs no more than a short one. */
export function usePaged<T>(all: readonly T[], size: number): Paged<T> {
  const [wanted, setWanted] = useState(0);
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(wanted, pages - 1);
  const first = page * size;
  return { rows: all.slice(first, first + size), page, pages, first, all: all.length, turn: setWanted };
}

export function Pager<T>({ paged, name }: { paged: Paged<T>; name: string }) {
  if (paged.pages === 1) return null;
  const t = words.value.pager;
  const { page, pages, first, rows, all, turn } = paged;
  return (
    <div class="pager">
      {page > 0 && (
        <IconButton
          action={`${name}-previous`}
          class="plain"
          icon="previous"
          label={t.previous}
          run={() => turn(page - 1)}
        />
      )}
      <span aria-live="polite">{t.range(first + 1, first + rows.length, all)}</span>
      {page < pages - 1 && (
        <IconButton action={`${name}-next`} class="plain" icon="next" label={t.next} run={() => turn(page + 1)} />
      )}
    </div>
  );
}
