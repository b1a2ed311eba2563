import { MetricReader } from '@opentelemetry/sdk-metrics';
import { valuesOf } from './sdk-metrics.js';
import type { SeriesValues } from './sdk-metrics.js';

/** A reader that collects when it is told to. */
export class ManualReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Values of every scope by series, as {@link valuesOf} has them.
   *
   * @throws Error if a callback failed
   */
  async values(): Promise<SeriesValues> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'a collection failed');
    return valuesOf(resourceMetrics);
  }
}
