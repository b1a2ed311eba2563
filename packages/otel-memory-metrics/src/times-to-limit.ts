import { timeToLimitSeconds } from 'otel-runtime-kit/trend';
import type { Growth } from './memory-trends.js';
import type { MemoryLimit, MemorySnapshot } from './snapshot.js';

/** What times to a limit are made from. */
type Facts = Pick<MemorySnapshot, 'process' | 'heap' | 'liveHeapBytes' | 'container' | 'host'>;

/** Seconds until each limit; `null` where there is no such limit, or what nears it could not be read. */
export function timesToLimit(facts: Facts, growth: Growth): Readonly<Record<MemoryLimit, number | null>> {
  return Object.freeze({
    heap: heapTime(facts, growth),
    container: containerTime(facts, growth),
    host: hostTime(facts, growth),
  });
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
