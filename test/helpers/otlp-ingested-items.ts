import type { ReadItem, ReadPoint } from './otlp-requests.js';

/** What has become of items: how often each span (by its name) and log record (by its text) is there, and the points of metrics. */
export interface IngestedItems {
  readonly spans: Map<string, number>;
  readonly logs: Map<string, number>;
  readonly metrics: ReadPoint[];
}

export function emptyItems(): IngestedItems {
  return { spans: new Map(), logs: new Map(), metrics: [] };
}

export function keepItems(kept: IngestedItems, items: readonly ReadItem[]): void {
  for (const { signal, label, item } of items) {
    if (signal === 'metrics') kept.metrics.push(item);
    else {
      const counts = signal === 'traces' ? kept.spans : kept.logs;
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
}
