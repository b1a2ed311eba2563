import type { Attributes, BatchObservableResult, Meter, MeterProvider, Observable } from '@opentelemetry/api';
import { ATTR_PLACE, ATTR_SIGNAL, SIGNALS, guardMetrics } from '../metric-definitions.js';
import type { Signal } from '../items/item-codec.js';
import { VERSION } from '../version.js';
import type { GuardAccounts, LaneAccounts } from './guard-accounts.js';
import { LaneSeries, signalInstruments } from './lane-series.js';
import { observableFor } from './observables.js';

const METER = 'telemetry-flush-guard';

const SIGNAL_ATTRIBUTES = new Map(
  SIGNALS.map((signal): [Signal, Record<'accepted' | 'memory' | 'disk', Attributes>] => [
    signal,
    {
      accepted: { [ATTR_SIGNAL]: signal },
      memory: { [ATTR_SIGNAL]: signal, [ATTR_PLACE]: 'memory' },
      disk: { [ATTR_SIGNAL]: signal, [ATTR_PLACE]: 'disk' },
    },
  ]),
);

interface SignalSums {
  accepted: number;
  memory: number;
  disk: number;
}

/** What counters have come to. */
interface Counted {
  readonly accepted: Readonly<Record<Signal, number | undefined>>;
  readonly redelivered: number;
}

const NOTHING: Counted = {
  accepted: { span: undefined, log: undefined, metric: undefined },
  redelivered: 0,
};

/**
 * The instruments of all guards of this process at one meter provider. A process that has two guards has one `vitals.spool.size`: a second
 * callback would not add to the first one's value but replace it.
 */
export class ProviderMetrics {
  readonly #meter: Meter;
  readonly #now: () => number;
  readonly #instruments: ReturnType<typeof instrumentsOf>;
  readonly #guards = new Set<GuardAccounts>();
  readonly #series = new WeakMap<LaneAccounts, LaneSeries>();
  /** Of guards that are gone: counters never go back. */
  #past = NOTHING;
  /** What each of them has put into that, which it takes out again if it comes back with its counts. */
  readonly #left = new WeakMap<GuardAccounts, Counted>();

  constructor(provider: MeterProvider, now: () => number) {
    this.#meter = provider.getMeter(METER, VERSION);
    this.#now = now;
    this.#instruments = instrumentsOf(this.#meter);
  }

  add(guard: GuardAccounts): void {
    if (this.#guards.size === 0) {
      this.#meter.addBatchObservableCallback(this.#observe, this.#all());
    }
    this.#guards.add(guard);
    const left = this.#left.get(guard);
    if (left === undefined) return;
    this.#left.delete(guard);
    this.#past = sumOf(this.#past, left, -1);
  }

  remove(guard: GuardAccounts): void {
    if (!this.#guards.delete(guard)) return;
    let left = NOTHING;
    for (const { signal, counts } of guard.lanes()) {
      const accepted = { ...NOTHING.accepted, [signal]: counts.accepted };
      left = sumOf(left, { accepted, redelivered: counts.inherited }, 1);
    }
    this.#left.set(guard, left);
    this.#past = sumOf(this.#past, left, 1);
    if (this.#guards.size === 0) {
      this.#meter.removeBatchObservableCallback(this.#observe, this.#all());
    }
  }

  /** One callback for all: what it reports is of one moment, and adds up. */
  readonly #observe = (result: BatchObservableResult): void => {
    this.#observeLanes(result);
    this.#observeSpools(result);
  };

  #observeLanes(result: BatchObservableResult): void {
    const { own, signals } = this.#instruments;
    const sums = new Map<Signal, SignalSums>();
    let { redelivered } = this.#past;
    for (const guard of this.#guards) {
      for (const lane of guard.lanes()) {
        let series = this.#series.get(lane);
        if (series === undefined) this.#series.set(lane, (series = new LaneSeries(lane)));
        series.observe(result, signals);
        const { signal, counts } = lane;
        const sum = sums.get(signal) ?? { accepted: 0, memory: 0, disk: 0 };
        sum.accepted += counts.accepted;
        sum.memory += counts.pendingInMemory;
        sum.disk += counts.pendingOnDisk;
        sums.set(signal, sum);
        redelivered += counts.inherited;
      }
    }
    for (const [signal, attributes] of SIGNAL_ATTRIBUTES) {
      const before = this.#past.accepted[signal];
      const sum = sums.get(signal);
      if (sum === undefined && before === undefined) continue;
      result.observe(own.accepted, (sum?.accepted ?? 0) + (before ?? 0), attributes.accepted);
      result.observe(own.pending, sum?.memory ?? 0, attributes.memory);
      result.observe(own.pending, sum?.disk ?? 0, attributes.disk);
    }
    result.observe(own.redelivered, redelivered);
  }

  #observeSpools(result: BatchObservableResult): void {
    const { own } = this.#instruments;
    const spools = [...this.#guards].map(guard => guard.spool());
    const sum = (read: (spool: (typeof spools)[number]) => number): number =>
      spools.reduce((total, spool) => total + read(spool), 0);
    const now = this.#now();
    result.observe(
      own.size,
      sum(({ usedBytes }) => usedBytes),
    );
    result.observe(
      own.limit,
      sum(({ limitBytes }) => limitBytes),
    );
    result.observe(
      own.segments,
      sum(({ segments }) => segments),
    );
    // A clock that was put back makes nothing younger than new.
    const ages = spools.map(({ oldestMillis }) => (now - (oldestMillis ?? now)) / 1000);
    result.observe(own.oldestAge, Math.max(0, ...ages));
    result.observe(own.degraded, spools.some(({ isDegraded }) => isDegraded) ? 1 : 0);
  }

  #all(): Observable[] {
    const { own, signals } = this.#instruments;
    const rows = Object.values(signals).flatMap(({ processor = {}, exporter }) => [
      ...Object.values(processor),
      ...Object.values(exporter),
    ]);
    return [...Object.values(own), ...rows];
  }
}

/** A signal that neither has stays without a number: nothing is reported of it. */
function sumOf(one: Counted, other: Counted, sign: 1 | -1): Counted {
  const sum = (signal: Signal): number | undefined => {
    const more = other.accepted[signal];
    return more === undefined ? one.accepted[signal] : (one.accepted[signal] ?? 0) + sign * more;
  };
  return {
    accepted: { span: sum('span'), log: sum('log'), metric: sum('metric') },
    redelivered: one.redelivered + sign * other.redelivered,
  };
}

function instrumentsOf(meter: Meter) {
  const { accepted, pending, size, limit, segments, oldestAge, redelivered, degraded } = guardMetrics;
  return {
    own: {
      accepted: observableFor(meter, accepted),
      pending: observableFor(meter, pending),
      size: observableFor(meter, size),
      limit: observableFor(meter, limit),
      segments: observableFor(meter, segments),
      oldestAge: observableFor(meter, oldestAge),
      redelivered: observableFor(meter, redelivered),
      degraded: observableFor(meter, degraded),
    },
    signals: signalInstruments(meter),
  };
}
