import { expect } from 'chai';
import { prometheusName } from '../src/catalogue/spelling.js';
import type { NamedMetric } from '../src/catalogue/spelling.js';

const metric = (name: string, kind: NamedMetric['kind'], unit: string): NamedMetric => ({ name, kind, unit });

/** Names as github.com/prometheus/otlptranslator makes them; the first seven are in its own tests or in the specification. */
const NAMES: readonly (readonly [NamedMetric, exporter: string, otlp: string])[] = [
  [
    metric('process.memory.usage', 'observableUpDownCounter', 'By'),
    'process_memory_usage',
    'process_memory_usage_bytes',
  ],
  [metric('v8js.gc.duration', 'histogram', 's'), 'v8js_gc_duration', 'v8js_gc_duration_seconds'],
  [
    metric('process.unix.file_descriptor.count', 'observableUpDownCounter', '{file_descriptor}'),
    'process_unix_file_descriptor_count',
    'process_unix_file_descriptor_count',
  ],
  [
    metric('vitals.gc.reclaimed', 'observableCounter', 'By'),
    'vitals_gc_reclaimed_total',
    'vitals_gc_reclaimed_bytes_total',
  ],
  [
    metric('vitals.gc.utilization', 'observableGauge', '1'),
    'vitals_gc_utilization',
    'vitals_gc_utilization_ratio',
  ],
  [
    metric('vitals.memory.growth', 'observableGauge', 'By/s'),
    'vitals_memory_growth',
    'vitals_memory_growth_bytes_per_second',
  ],
  [
    metric('vitals.fd.growth', 'observableGauge', '{file_descriptor}/s'),
    'vitals_fd_growth',
    'vitals_fd_growth_per_second',
  ],
  [
    metric('vitals.spool.degraded', 'observableUpDownCounter', '1'),
    'vitals_spool_degraded',
    'vitals_spool_degraded',
  ],
  [metric('a.requests.total', 'counter', '1'), 'a_requests_total', 'a_requests_total'],
  [metric('a.bytes.read', 'counter', 'By'), 'a_bytes_read_total', 'a_bytes_read_total'],
  [metric('a.total.of.it', 'counter', 's'), 'a_total_of_it_total', 'a_of_it_seconds_total'],
];

describe('the names of metrics in Prometheus', () => {
  for (const [named, exporter, otlp] of NAMES) {
    it(`are ${exporter} and ${otlp} for ${named.name}, ${named.kind}, ${named.unit}`, () => {
      expect(prometheusName(named, 'exporter')).to.equal(exporter);
      expect(prometheusName(named, 'otlp')).to.equal(otlp);
    });
  }

  it('are refused by name where the unit has no rule', () => {
    expect(() => prometheusName(metric('a.b', 'observableGauge', 'Hz'), 'otlp')).to.throw(
      RangeError,
      'no rule for the unit "Hz" of a.b',
    );
  });
});
