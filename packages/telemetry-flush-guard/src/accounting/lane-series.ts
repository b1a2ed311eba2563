import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import {
  ATTR_COMPONENT_NAME,
  ATTR_COMPONENT_TYPE,
  ATTR_ERROR_TYPE,
  EXPORTER_REASONS,
  EXPORTER_TYPE,
  METRIC_REASONS,
  PROCESSOR_REASONS,
  PROCESSOR_TYPE,
  exporterRows,
  processorRows,
} from '../metric-definitions.js';
import type { Signal } from '../items/item-codec.js';
import type { DropReason } from '../spool/outcome.js';
import type { LaneAccounts } from './guard-accounts.js';
import { observableFor } from './observables.js';

/** Components of a process are numbered, whichever guard they belong to: two of one name would be one series. */
let components = 0;

/** The rows of a signal. Metrics have no processor: what of them is on its way is told by the reader that collects them. */
export interface SignalInstruments {
  readonly processor?: Readonly<Record<'queueSize' | 'queueCapacity' | 'processed', Observable>>;
  readonly exporter: Readonly<Record<'inflight' | 'exported', Observable>>;
}

/** The instruments `otel.sdk.*` of a meter. */
export function signalInstruments(meter: Meter): Record<Signal, SignalInstruments> {
  const processor = ({ queueSize, queueCapacity, processed }: (typeof processorRows)['span' | 'log']) => ({
    queueSize: observableFor(meter, queueSize),
    queueCapacity: observableFor(meter, queueCapacity),
    processed: observableFor(meter, processed),
  });
  const exporter = ({ inflight, exported }: (typeof exporterRows)[Signal]) => ({
    inflight: observableFor(meter, inflight),
    exported: observableFor(meter, exported),
  });
  return {
    span: { processor: processor(processorRows.span), exporter: exporter(exporterRows.span) },
    log: { processor: processor(processorRows.log), exporter: exporter(exporterRows.log) },
    metric: { exporter: exporter(exporterRows.metric) },
  };
}

/** What one lane says of itself as processor and as exporter. Its attributes are made once. */
export class LaneSeries {
  readonly #lane: LaneAccounts;
  readonly #processor: Attributes;
  readonly #exporter: Attributes;
  readonly #processorReasons: readonly [(typeof PROCESSOR_REASONS)[number], Attributes][];
  readonly #exporterReasons: readonly [DropReason, Attributes][];

  constructor(lane: LaneAccounts) {
    const number = components;
    components += 1;
    const processor = component(PROCESSOR_TYPE, number);
    const exporter = component(EXPORTER_TYPE, number);
    this.#lane = lane;
    this.#processor = processor;
    this.#exporter = exporter;
    this.#processorReasons = PROCESSOR_REASONS.map(reason => [
      reason,
      { ...processor, [ATTR_ERROR_TYPE]: reason },
    ]);
    const reasons = lane.signal === 'metric' ? [...EXPORTER_REASONS, ...METRIC_REASONS] : EXPORTER_REASONS;
    this.#exporterReasons = reasons.map(reason => [reason, { ...exporter, [ATTR_ERROR_TYPE]: reason }]);
  }

  /** Every reason is there from the start, with 0: else the first drop would not show as an increase. */
  observe(result: BatchObservableResult, instruments: Record<Signal, SignalInstruments>): void {
    const { signal, counts, queued, capacity, inFlight } = this.#lane;
    const { processor, exporter } = instruments[signal];
    result.observe(exporter.inflight, inFlight, this.#exporter);
    result.observe(exporter.exported, counts.delivered, this.#exporter);
    let passed = counts.delivered;
    for (const [reason, attributes] of this.#exporterReasons) {
      const count = counts.dropped[reason] ?? 0;
      passed += count;
      result.observe(exporter.exported, count, attributes);
    }
    if (processor === undefined) return;
    result.observe(processor.queueSize, queued, this.#processor);
    result.observe(processor.queueCapacity, capacity, this.#processor);
    result.observe(processor.processed, passed, this.#processor);
    for (const [reason, attributes] of this.#processorReasons) {
      result.observe(processor.processed, counts.dropped[reason] ?? 0, attributes);
    }
  }
}

function component(type: string, number: number): Attributes {
  return { [ATTR_COMPONENT_TYPE]: type, [ATTR_COMPONENT_NAME]: `${type}/${number}` };
}
