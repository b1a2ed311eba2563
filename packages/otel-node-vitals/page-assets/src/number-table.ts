import type { PageData } from '../../src/page/page-data.js';
import { add, say } from './elements.js';
import { NUMBER_GROUPS } from './number-list.js';
import type { NumberRow } from './number-list.js';

/** The table of every number: what a chart shows, in words. */
export class NumberTable {
  readonly #cells: { readonly row: NumberRow; readonly cell: HTMLElement }[] = [];

  constructor(body: Element) {
    for (const { title, rows } of NUMBER_GROUPS) {
      const heading = withRole(add(line(body, 'group'), 'th', '', title), 'rowheader');
      heading.colSpan = 3;
      for (const row of rows) {
        const cells = line(body);
        withRole(add(cells, 'th', '', row.label), 'rowheader').scope = 'row';
        const cell = withRole(add(cells, 'td'), 'cell');
        cell.dataset['metric'] = row.metric;
        add(withRole(add(cells, 'td'), 'cell'), 'code', '', row.metric);
        this.#cells.push({ row, cell });
      }
    }
  }

  show(data: PageData): void {
    for (const { row, cell } of this.#cells) {
      const value = row.read(data) ?? null;
      say(cell, value === null ? row.none(data) : row.words(value));
      cell.classList.toggle('none', value === null);
    }
  }
}

function line(body: Element, className = ''): HTMLElement {
  return withRole(add(body, 'tr', className), 'row');
}

/** Said in words, as a narrow screen lays the rows out as a grid, and some browsers then forget that they are a table's. */
function withRole<Kind extends HTMLElement>(element: Kind, role: string): Kind {
  element.setAttribute('role', role);
  return element;
}
