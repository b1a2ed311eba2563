import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Histogram, Meter } from '@opentelemetry/api';
import type { GcPause } from 'otel-runtime-kit/gc';
import { turnToRecord } from 'otel-runtime-kit/otel';
import type { TurnToRecord } from 'otel-runtime-kit/otel';
import { metricDefinitions } from './metric-definitions.js';
import { TYPE_ATTRIBUTES } from './observations.js';

/** Records each pause in `v8js.gc.duration`, once however many instrumentations there are on the meter. */
export class PauseRecorder {
  readonly #histogram: Histogram;
  readonly #turn: TurnToRecord;

  /** Makes the histogram. */
  constructor(meter: Meter, buckets: readonly number[]) {
    const { name, unit, description } = metricDefinitions.duration;
    this.#histogram = meter.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: [...buckets] },
    });
    this.#turn = turnToRecord(meter);
  }

  record({ seconds, type }: GcPause): void {
    if (!this.#turn.isMine) return;
    // Whatever span is active when the entries come has nothing to do with them: it must not become an exemplar.
    this.#histogram.record(seconds, TYPE_ATTRIBUTES[type], ROOT_CONTEXT);
  }

  /** Leaves it to another instrumentation on the same meter. */
  stop(): void {
    this.#turn.giveUp();
  }
}
