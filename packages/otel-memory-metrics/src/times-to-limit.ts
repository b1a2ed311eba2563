import { SEVEN_DAYS_SECONDS, timeToLimitSeconds } from 'otel-runtime-kit/trend';
import type { Growth } from './memory-trends.js';
import type { MemoryLimit, MemorySnapshot } from './snapshot.js';

/** What times to a limit are made from. */
type Facts = Pick<MemorySnapshot, 'process' | 'heap' | 'liveHeapBytes' | 'container' | 'host'>;

/**
 * Seconds until each limit; `null` where there has never been such a limit. Once there was, the horizon stands for "none any
 * more" and for "cannot be read now": no longer observed, the SDK would repeat the last value, and an alert never clear.
 */
export class TimesToLimit {
  readonly #known = new Set<MemoryLimit>();

  update(facts: Facts, growth: Growth): Readonly<Record<MemoryLimit, number | null>> {
    return Object.freeze({
      heap: this.#lasting('heap', heapTime(facts, growth)),
      container: this.#lasting('container', containerTime(facts, growth)),
      host: this.#lasting('host', hostTime(facts, growth)),
    });
  }

  #lasting(limit: MemoryLimit, seconds: number | null): number | null {
    if (seconds !== null) this.#known.add(limit);
    return seconds ?? (this.#known.has(limit) ? SEVEN_DAYS_SECONDS : null);
  }
}

/** Live heap against V8's limit. Before the first major collection, all that is used counts as live. */
function heapTime({ heap, liveHeapBytes }: Facts, growth: Growth): number | null {
  if (heap === null) return null;
  return time(liveHeapBytes ?? heap.usedBytes, heap.limitBytes, growth.heap_live);
}

/** Working set against the limit; where there is a limit and no cgroup, the resident set. */
function containerTime({ container, process }: Facts, growth: Growth): number | null {
  if (container?.limitBytes == null || container.utilization === null) return null;
  if (container.workingSetBytes !== null) {
    return time(container.workingSetBytes, container.limitBytes, growth.container);
  }
  return time(process?.residentBytes ?? null, container.limitBytes, growth.rss);
}

/** What the process may still grow by before the machine has nothing left to give. */
function hostTime({ host, process }: Facts, growth: Growth): number | null {
  if (process?.residentBytes == null) return null;
  return time(0, host?.availableBytes ?? null, growth.rss);
}

function time(current: number | null, limit: number | null, slopePerSecond: number | null): number | null {
  if (current === null || limit === null) return null;
  return timeToLimitSeconds({ current, limit, slopePerSecond: slopePerSecond ?? undefined });
}
