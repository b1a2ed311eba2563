import type { Signal } from './items/item-codec.js';
import type { DropReason } from './spool/outcome.js';

// The rows of the catalogue. Kinds, units and words of `otel.sdk.*` are those of the semantic conventions 1.45
// (https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/); what they call a counter is observed here, as the accounts are kept anyway.

/** One row: the source of the instrument and of the README table. */
export interface GuardMetricDefinition {
  readonly name: string;
  readonly kind: 'observableCounter' | 'observableGauge' | 'observableUpDownCounter';
  /** UCUM. */
  readonly unit: string;
  readonly description: string;
  /** Each with all values that it can take; none listed: one for each processor or exporter. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly stability: 'development' | 'own';
  readonly source: string;
  readonly platforms: 'all';
}

export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_COMPONENT_TYPE = 'otel.component.type';
export const ATTR_COMPONENT_NAME = 'otel.component.name';
export const ATTR_SIGNAL = 'vitals.signal';
export const ATTR_PLACE = 'vitals.place';

export const PROCESSOR_TYPE = 'telemetry_flush_guard_processor';
export const EXPORTER_TYPE = 'telemetry_flush_guard_exporter';

export const SIGNALS = ['span', 'log', 'metric'] as const satisfies readonly Signal[];

export const PLACES = ['memory', 'disk'] as const;

/** Why an item did not get past the queue. */
export const PROCESSOR_REASONS = ['queue_full', 'already_shutdown'] as const satisfies readonly DropReason[];

/** Why an item that got past the queue was not delivered. */
export const EXPORTER_REASONS = [
  'rejected',
  'expired',
  'retry_exhausted',
  'spool_full',
  'spool_io',
  'too_large',
  'corrupt',
  'serialization',
] as const satisfies readonly DropReason[];

/** Why metrics were not even taken in: the process has ended, and they could not be read without waiting. */
export const METRIC_REASONS = ['uncollected'] as const satisfies readonly DropReason[];

const PROCESSOR = {
  [ATTR_COMPONENT_TYPE]: [PROCESSOR_TYPE],
  [ATTR_COMPONENT_NAME]: [`${PROCESSOR_TYPE}/<n>`],
};
const EXPORTER = {
  [ATTR_COMPONENT_TYPE]: [EXPORTER_TYPE],
  [ATTR_COMPONENT_NAME]: [`${EXPORTER_TYPE}/<n>`],
};
const SEMCONV = { stability: 'development', platforms: 'all' } as const;
const OWN = { stability: 'own', platforms: 'all' } as const;

/** What each signal that is queued item by item has, by the names that the conventions have for it and its unit. */
function processorMetrics<const Name extends string>(name: Name, unit: string, items: string) {
  return {
    queueSize: {
      ...SEMCONV,
      name: `otel.sdk.processor.${name}.queue.size`,
      kind: 'observableUpDownCounter',
      unit,
      description: `Number of ${items} that wait in memory to be sent.`,
      attributes: PROCESSOR,
      source: 'the queue',
    },
    queueCapacity: {
      ...SEMCONV,
      name: `otel.sdk.processor.${name}.queue.capacity`,
      kind: 'observableUpDownCounter',
      unit,
      description: `Number of ${items} that can wait in memory.`,
      attributes: PROCESSOR,
      source: '`limits.memoryItems`',
    },
    processed: {
      ...SEMCONV,
      name: `otel.sdk.processor.${name}.processed`,
      kind: 'observableCounter',
      unit,
      description: `Number of ${items} that are done with; with \`error.type\`, those that did not get past the queue.`,
      attributes: { ...PROCESSOR, [ATTR_ERROR_TYPE]: PROCESSOR_REASONS },
      source: 'the accounts: all that was exported, and what the queue had to drop',
    },
  } as const satisfies Record<string, GuardMetricDefinition>;
}

/** What every signal has. */
function exporterMetrics<const Name extends string>(
  name: Name,
  unit: string,
  items: string,
  reasons: readonly DropReason[] = EXPORTER_REASONS,
) {
  return {
    inflight: {
      ...SEMCONV,
      name: `otel.sdk.exporter.${name}.inflight`,
      kind: 'observableUpDownCounter',
      unit,
      description: `Number of ${items} that the exporter is sending.`,
      attributes: EXPORTER,
      source: 'the batch under way',
    },
    exported: {
      ...SEMCONV,
      name: `otel.sdk.exporter.${name}.exported`,
      kind: 'observableCounter',
      unit,
      description: `Number of ${items} that were delivered; with \`error.type\`, that never will be. Each once, after the final attempt.`,
      attributes: { ...EXPORTER, [ATTR_ERROR_TYPE]: reasons },
      source: 'the accounts',
    },
  } as const satisfies Record<string, GuardMetricDefinition>;
}

/** What is counted for each signal that has a processor. */
export const processorRows = {
  span: processorMetrics('span', '{span}', 'spans'),
  log: processorMetrics('log', '{log_record}', 'log records'),
};

/** What is counted for each signal. */
export const exporterRows = {
  span: exporterMetrics('span', '{span}', 'spans'),
  log: exporterMetrics('log', '{log_record}', 'log records'),
  metric: exporterMetrics('metric_data_point', '{data_point}', 'metric data points', [
    ...EXPORTER_REASONS,
    ...METRIC_REASONS,
  ]),
};

/** What is counted for the guard. */
export const guardMetrics = {
  accepted: {
    ...OWN,
    name: 'vitals.guard.accepted',
    kind: 'observableCounter',
    unit: '{item}',
    description: 'Number of items that the process has handed to the guard.',
    attributes: { [ATTR_SIGNAL]: SIGNALS },
    source: 'the accounts',
  },
  pending: {
    ...OWN,
    name: 'vitals.guard.pending',
    kind: 'observableUpDownCounter',
    unit: '{item}',
    description: 'Number of items that are neither delivered nor dropped, by where they are safe.',
    attributes: { [ATTR_SIGNAL]: SIGNALS, [ATTR_PLACE]: PLACES },
    source: 'queue and spool; `disk`: also if in memory too',
  },
  size: {
    ...OWN,
    name: 'vitals.spool.size',
    kind: 'observableUpDownCounter',
    unit: 'By',
    description: 'Bytes that the spool takes on disk, with what was taken over from dead processes.',
    attributes: {},
    source: 'bytes written and removed',
  },
  limit: {
    ...OWN,
    name: 'vitals.spool.limit',
    kind: 'observableUpDownCounter',
    unit: 'By',
    description: 'Bytes that the spool may take on disk.',
    attributes: {},
    source: '`limits.diskBytes`',
  },
  segments: {
    ...OWN,
    name: 'vitals.spool.segments',
    kind: 'observableUpDownCounter',
    unit: '{segment}',
    description: 'Number of segments of the spool.',
    attributes: {},
    source: 'own ones and those taken over',
  },
  oldestAge: {
    ...OWN,
    name: 'vitals.spool.oldest_age',
    kind: 'observableGauge',
    unit: 's',
    description: 'How long the oldest segment with something to deliver has been there; 0 if there is none.',
    attributes: {},
    source: 'when the segment was begun, by whomever',
  },
  redelivered: {
    ...OWN,
    name: 'vitals.spool.redelivered',
    kind: 'observableCounter',
    unit: '{item}',
    description: 'Number of items that dead processes had left, taken over to be delivered.',
    attributes: {},
    source: 'the accounts',
  },
  degraded: {
    ...OWN,
    name: 'vitals.spool.degraded',
    kind: 'observableUpDownCounter',
    unit: '1',
    description: '1 while the disk cannot be written, so that what is not sent is in memory only; else 0.',
    attributes: {},
    source: 'the latest write',
  },
} as const satisfies Record<string, GuardMetricDefinition>;

/** Every instrument of this package: the source of the code and of the README table. */
export const metricDefinitions: Readonly<Record<string, GuardMetricDefinition>> = Object.fromEntries(
  [
    ...Object.values(processorRows.span),
    ...Object.values(exporterRows.span),
    ...Object.values(processorRows.log),
    ...Object.values(exporterRows.log),
    ...Object.values(exporterRows.metric),
    ...Object.values(guardMetrics),
  ].map(metric => [metric.name, metric]),
);
