import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { ManualReader } from 'test-helpers/manual-reader';
import { GuardMetrics } from '../../src/accounting/guard-metrics.js';
import type { MadeUpProcess } from '../pipeline/made-up-process.js';

/** What a reader of the real SDK gets of a made-up process. */
export class ExportedAccounts {
  readonly reader = new ManualReader();
  readonly provider = new MeterProvider({ readers: [this.reader] });
  readonly metrics: GuardMetrics;
  #values: Readonly<Record<string, unknown>> = {};

  constructor(process: MadeUpProcess, now?: () => number) {
    this.metrics = new GuardMetrics(
      { lanes: () => [process.lane], spool: () => process.disk.accounts },
      this.provider,
      now,
    );
    this.metrics.look();
  }

  async collect(): Promise<this> {
    this.#values = await this.reader.values();
    return this;
  }

  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  /** The sum of the series with that name, and with all of these texts in their labels. */
  sum(name: string, ...labels: string[]): number {
    return this.#of(name)
      .filter(([series]) => labels.every(label => series.includes(label)))
      .reduce((total, [, value]) => total + value, 0);
  }

  /** The sum of those without `error.type`. */
  fine(name: string): number {
    return this.#of(name)
      .filter(([series]) => !series.includes('error.type='))
      .reduce((total, [, value]) => total + value, 0);
  }

  /** What dropped items there are, by reason, under either name. */
  get dropped(): Record<string, number> {
    const reasons: Record<string, number> = {};
    for (const name of ['otel.sdk.processor.span.processed', 'otel.sdk.exporter.span.exported']) {
      for (const [series, value] of this.#of(name)) {
        const reason = /error\.type="(\w+)"/.exec(series)?.[1];
        if (reason !== undefined && value > 0) reasons[reason] = (reasons[reason] ?? 0) + value;
      }
    }
    return reasons;
  }

  /** `accepted + inherited − delivered − dropped − pending`, from nothing but what was exported. */
  get missing(): number {
    return (
      this.sum('vitals.guard.accepted') +
      this.sum('vitals.spool.redelivered') -
      this.fine('otel.sdk.exporter.span.exported') -
      Object.values(this.dropped).reduce((sum, count) => sum + count, 0) -
      this.sum('vitals.guard.pending')
    );
  }

  async end(): Promise<void> {
    this.metrics.release();
    await this.provider.shutdown();
  }

  #of(name: string): [string, number][] {
    return Object.entries(this.#values).filter(
      (entry): entry is [string, number] => entry[0] === name || entry[0].startsWith(`${name}{`),
    );
  }
}
