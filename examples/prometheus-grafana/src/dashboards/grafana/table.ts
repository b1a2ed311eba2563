import type { TableFieldOptions, TableOptions } from '@grafana/schema';
import type { FieldDefaults, Json, PanelDraft, Thresholds } from './json.js';
import { panel } from './panel.js';
import type { Override, PanelSubject } from './panel.js';
import { refId, targets } from './targets.js';

/** Values side by side, one line for each set of labels that the queries have in common. */
export interface Table extends PanelSubject {
  /** The labels that are shown, in their order, with their headings. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** The heading to sort by. */
  readonly sortBy: { readonly heading: string; readonly descending: boolean };
  /** Where the cells of a column lead. */
  readonly lineLink: { readonly title: string; readonly url: string; readonly heading: string };
}

/** One query, one column. */
export interface Column {
  readonly heading: string;
  readonly query: string;
  readonly unit: string;
  readonly thresholds?: Thresholds;
  readonly mappings?: NonNullable<FieldDefaults<unknown>['mappings']>;
}

export function table(subject: Table): PanelDraft {
  const { columns, labels, sortBy, lineLink } = subject;
  const options: Json<TableOptions> = {
    showHeader: true,
    cellHeight: 'sm',
    frameIndex: 0,
    sortBy: [{ displayName: sortBy.heading, desc: sortBy.descending }],
  };
  const custom: Json<TableFieldOptions> = {
    align: 'auto',
    cellOptions: { type: 'auto' },
    inspect: false,
    filterable: false,
  };
  return panel(subject, {
    type: 'table',
    targets: targets(
      columns.map(({ query, heading }) => ({ query, legend: heading })),
      { format: 'table', instant: true },
    ),
    options: { ...options },
    color: { mode: 'thresholds' },
    custom,
    overrides: [
      ...columns.map(columnOverride),
      {
        matcher: { id: 'byName', options: lineLink.heading },
        properties: [{ id: 'links', value: [{ title: lineLink.title, url: lineLink.url }] }],
      },
    ],
    transformations: [{ id: 'merge', options: {} }, inOrder(labels, columns)],
  });
}

/** What Grafana calls the values of a query in a table, when there are several queries and when there is one. */
function valueField(index: number, count: number): string {
  return count === 1 ? 'Value' : `Value #${refId(index)}`;
}

function inOrder(
  labels: Table['labels'],
  columns: readonly Column[],
): NonNullable<PanelDraft['transformations']>[number] {
  const headings = new Map([
    ...Object.entries(labels),
    ...columns.map(({ heading }, index) => [valueField(index, columns.length), heading] as const),
  ]);
  return {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries([...headings.keys()].map((name, index) => [name, index])),
      renameByName: Object.fromEntries(headings),
    },
  };
}

function columnOverride({ heading, unit, thresholds, mappings }: Column): Override {
  const cellOptions: Json<TableFieldOptions>['cellOptions'] =
    thresholds === undefined ? { type: 'auto' } : { type: 'color-text' };
  return {
    matcher: { id: 'byName', options: heading },
    properties: [
      { id: 'unit', value: unit },
      ...(thresholds === undefined ? [] : [{ id: 'thresholds', value: thresholds }]),
      ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
      { id: 'custom.cellOptions', value: cellOptions },
    ],
  };
}
