import { createRequire } from 'node:module';
import { Gauge, Registry } from 'prom-client';

/** A prom-client gauge with its collect function, as the library itself calls it at a scrape. */
export interface CollectingGauge {
  collect(): void;
}

const load = createRequire(__filename);

/** prom-client's own collector of open descriptors, from the real package. */
export function peerCollector(): CollectingGauge {
  const register = load('prom-client/lib/metrics/processOpenFileDescriptors.js') as (
    registry: Registry,
  ) => void;
  const registry = new Registry();
  register(registry);
  return registry.getSingleMetric('process_open_fds') as unknown as CollectingGauge;
}

/** The same gauge, collected and set the same way, with another source of the number. */
export function gaugeOver(read: () => number): CollectingGauge {
  const labels = {};
  return new Gauge({
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    registers: [new Registry()],
    collect() {
      this.set(labels, read());
    },
  }) as unknown as CollectingGauge;
}
