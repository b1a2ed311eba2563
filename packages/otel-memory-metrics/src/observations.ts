import type { Attributes } from '@opentelemetry/api';
import { CGROUP_EVENTS } from 'otel-runtime-kit/linux';
import { observeNumber, observeNumberBy } from 'otel-runtime-kit/otel';
import type { MetricDefinition, ObservableBinding } from 'otel-runtime-kit/otel';
import type { MemoryCapabilities } from './memory-watch.js';
import {
  ATTR_CONTEXT_STATE,
  ATTR_EVENT,
  ATTR_HEAP_SPACE,
  ATTR_MEMORY_KIND,
  ATTR_MEMORY_LIMIT,
  ATTR_MEMORY_SIGNAL,
  ATTR_STALL_SCOPE,
  metricDefinitions as metric,
} from './metric-definitions.js';
import type { ResolvedMemoryMetricsOptions } from './options.js';
import { MEMORY_LIMITS, MEMORY_SIGNALS } from './snapshot.js';
import type { HeapSpaceSnapshot, MemorySnapshot } from './snapshot.js';

type Latest = () => MemorySnapshot;

/** What each instrument reports: pure reads of the latest snapshot. What cannot be had here has no instrument. */
export function observations(
  latest: Latest,
  capabilities: MemoryCapabilities,
  options: ResolvedMemoryMetricsOptions,
): ObservableBinding[] {
  return [
    ...processObservations(latest, capabilities),
    ...heapObservations(latest),
    ...(options.v8js ? heapSpaceObservations(latest, options.heapSpaceDetails) : []),
    ...containerObservations(latest, capabilities),
    observeNumberBy(latest, metric.growth, ATTR_MEMORY_SIGNAL, MEMORY_SIGNALS, s => s.growthPerSecond),
    observeNumberBy(latest, metric.timeToLimit, ATTR_MEMORY_LIMIT, MEMORY_LIMITS, s => s.timeToLimitSeconds),
  ];
}

function processObservations(
  latest: Latest,
  { process: has, native }: MemoryCapabilities,
): ObservableBinding[] {
  const read = (
    definition: MetricDefinition,
    field: 'residentBytes' | 'virtualBytes' | 'peakBytes' | 'swapBytes',
  ): [boolean, ObservableBinding] => [
    has.has(field),
    observeNumber(latest, definition, s => s.process?.[field] ?? null),
  ];
  return present([
    read(metric.usage, 'residentBytes'),
    read(metric.virtual, 'virtualBytes'),
    read(metric.peak, 'peakBytes'),
    [
      has.has('anonymousBytes'),
      observeNumberBy(latest, metric.resident, ATTR_MEMORY_KIND, ['anon', 'file', 'shmem'], s => ({
        anon: s.process?.anonymousBytes ?? null,
        file: s.process?.fileBytes ?? null,
        shmem: s.process?.sharedBytes ?? null,
      })),
    ],
    read(metric.swap, 'swapBytes'),
    [native, observeNumber(latest, metric.native, s => s.nativeBytes)],
  ]);
}

function heapObservations(latest: Latest): ObservableBinding[] {
  return [
    observeNumber(latest, metric.heapUsed, s => s.heap?.usedBytes ?? null),
    observeNumber(latest, metric.heapSize, s => s.heap?.sizeBytes ?? null),
    observeNumber(latest, metric.heapLimit, s => s.heap?.limitBytes ?? null),
    observeNumber(latest, metric.heapUtilization, s => s.heap?.utilization ?? null),
    observeNumber(latest, metric.external, s => s.heap?.externalBytes ?? null),
    observeNumber(latest, metric.arrayBuffers, s => s.heap?.arrayBufferBytes ?? null),
    observeNumberBy(latest, metric.contexts, ATTR_CONTEXT_STATE, ['native', 'detached'], s => ({
      native: s.heap?.nativeContexts ?? null,
      detached: s.heap?.detachedContexts ?? null,
    })),
  ];
}

function heapSpaceObservations(latest: Latest, details: boolean): ObservableBinding[] {
  return present([
    [true, observeSpaces(latest, metric.heapSpaceUsed, space => space.usedBytes)],
    [true, observeSpaces(latest, metric.heapSpaceSize, space => space.sizeBytes)],
    [details, observeSpaces(latest, metric.heapSpaceAvailable, space => space.availableBytes)],
    [details, observeSpaces(latest, metric.heapSpacePhysical, space => space.physicalBytes)],
  ]);
}

/** By whichever spaces this V8 has. The attribute objects are made once. */
function observeSpaces(
  latest: Latest,
  definition: MetricDefinition,
  read: (space: HeapSpaceSnapshot) => number,
): ObservableBinding {
  const attributesOf = new Map<string, Attributes>();
  return {
    metric: definition,
    observe: result => {
      for (const [name, space] of Object.entries(latest().heap?.spaces ?? {})) {
        let attributes = attributesOf.get(name);
        if (attributes === undefined) attributesOf.set(name, (attributes = { [ATTR_HEAP_SPACE]: name }));
        result.observe(read(space), attributes);
      }
    },
  };
}

function containerObservations(latest: Latest, { container: has }: MemoryCapabilities): ObservableBinding[] {
  return present([
    [has.cgroup, observeNumber(latest, metric.containerUsage, s => s.container?.usageBytes ?? null)],
    [
      has.cgroup,
      observeNumber(latest, metric.containerWorkingSet, s => s.container?.workingSetBytes ?? null),
    ],
    [has.cgroup, observeNumber(latest, metric.containerAvailable, s => s.container?.availableBytes ?? null)],
    [has.limit, observeNumber(latest, metric.containerLimit, s => s.container?.limitBytes ?? null)],
    [has.limit, observeNumber(latest, metric.containerUtilization, s => s.container?.utilization ?? null)],
    [
      has.events,
      observeNumberBy(
        latest,
        metric.containerEvents,
        ATTR_EVENT,
        CGROUP_EVENTS,
        s => s.container?.events ?? null,
      ),
    ],
    [
      has.stall,
      observeNumberBy(
        latest,
        metric.containerStallTime,
        ATTR_STALL_SCOPE,
        ['some', 'full'],
        s => s.container?.stallSeconds ?? null,
      ),
    ],
  ]);
}

function present(bindings: readonly (readonly [boolean, ObservableBinding])[]): ObservableBinding[] {
  return bindings.filter(([isPresent]) => isPresent).map(([, binding]) => binding);
}
