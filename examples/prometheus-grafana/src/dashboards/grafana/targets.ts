import { DATA_SOURCE } from './data-source.js';
import type { Target } from './json.js';

/** A query of a panel, in the notation of `expand`, and what its series are called. */
export interface PanelQuery {
  readonly query: string;
  /** Labels in double braces. */
  readonly legend: string;
}

/** How the answer is wanted. */
type Shape = Pick<Target, 'format' | 'instant'>;

export function targets(queries: readonly PanelQuery[], { format, instant }: Shape): Target[] {
  return queries.map(({ query, legend }, index) => ({
    refId: refId(index),
    datasource: DATA_SOURCE,
    editorMode: 'code',
    expr: query,
    legendFormat: legend,
    format,
    instant,
    range: !instant,
  }));
}

/** A, B, C, as Grafana names them; a panel has at most 26. */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
