import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import type { MetricDefinition } from 'otel-runtime-kit/otel';
import { ERROR_TYPES } from 'otel-runtime-kit/sampling';
import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { skipBecause } from 'test-helpers/skip-because';
import { CONNECTION_STATES } from '../src/connection-states.js';
import { FD_KINDS } from '../src/descriptor-kind.js';
import { FD_READINGS, metricDefinitions } from '../src/metric-definitions.js';
import { tcpLine, tcpTable } from './fixtures/tcp-table.js';
import type { WatchRig } from './fixtures/watch-rig.js';
import { LINUX, workshop } from './fixtures/watch-rig.js';

/** One row: what an instrument is, and which values of which attributes it has. */
interface Row {
  readonly kind: string;
  readonly unit: string | undefined;
  readonly description: string | undefined;
  readonly attributes: Record<string, string[]>;
}

function declared(definitions: readonly MetricDefinition[]): Record<string, Row> {
  return Object.fromEntries(
    definitions.map(({ name, kind, unit, description, attributes }) => [
      name,
      {
        kind,
        unit,
        description,
        attributes: Object.fromEntries(
          Object.entries(attributes).map(([attribute, values]) => [attribute, [...values].sort()]),
        ),
      },
    ]),
  );
}

/** What instruments of one meter are, and what they say in one collection. */
function emitted({ provider }: WatchRig, meter: string): Record<string, Row> {
  const points = provider.collect();
  return Object.fromEntries(
    provider.instruments
      .filter(instrument => instrument.meter === meter)
      .map(({ name, kind, options }) => {
        const values = new Map<string, Set<string>>();
        for (const point of points) {
          if (point.name !== name) continue;
          for (const [attribute, value] of Object.entries(point.attributes)) {
            values.set(attribute, (values.get(attribute) ?? new Set()).add(String(value)));
          }
        }
        const attributes = Object.fromEntries([...values].map(([key, each]) => [key, [...each].sort()]));
        return [name, { kind, unit: options.unit, description: options.description, attributes }];
      }),
  );
}

const ALL_ON = { connections: true, warnAtCount: 2 };

describe('metric definitions', () => {
  const { rig, rigOver, tree: newTree } = workshop();

  function everything(): WatchRig {
    const tree = newTree();
    tree.writeLimits(1_000);
    tree.link(5, 'socket:[7]');
    tree.write('net/tcp', tcpTable([tcpLine({ state: '01', inode: 7 })]));
    const watch = rigOver(tree, ALL_ON).start();
    watch.clock.advance(120_000);
    return watch;
  }

  it('are emitted, each with its kind, unit, attributes and all of their values; and nothing else is', () => {
    expect(emitted(everything(), 'otel-fd-watch')).to.deep.equal(declared(Object.values(metricDefinitions)));
  });

  it('are emitted so by the real procfs too', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const watch = rig(ALL_ON, LINUX).start();
    watch.clock.advance(120_000);
    expect(emitted(watch, 'otel-fd-watch')).to.deep.equal(declared(Object.values(metricDefinitions)));
  });

  it('have a value for every set of attributes, each once', () => {
    const points = everything()
      .provider.collect()
      .filter(({ name }) => !name.startsWith('vitals.sampler.'));
    const series = points.map(({ name, attributes }) => name + JSON.stringify(attributes));
    expect(new Set(series).size).to.equal(series.length);
    // Four plain ones, two limits, and what is listed.
    expect(series).to.have.lengthOf(4 + 2 + FD_KINDS.length + CONNECTION_STATES.length);
    for (const { name, value } of points) expect(Number.isFinite(value), name).to.equal(true);
  });

  it('say which readings there are', () => {
    const watch = everything();
    const rows = emitted(watch, 'otel-runtime-kit');
    const readings = { 'vitals.reading': [...FD_READINGS].sort() };
    const { time, ticks, errors } = samplerMetricDefinitions;
    expect(rows[time.name]?.attributes).to.deep.equal(readings);
    expect(rows[ticks.name]?.attributes).to.deep.equal(readings);
    expect(rows[errors.name]?.attributes).to.deep.equal({});
  });

  it('say which readings can fail, and with which types', () => {
    const tree = newTree();
    tree.writeLimits(1_000);
    tree.link(5, 'socket:[7]');
    const onPressure = (): never => {
      throw new Error('no type that is listed');
    };
    const watch = rigOver(tree, { ...ALL_ON, onPressure }).start();
    tree.write('limits', '');
    rmSync(tree.fdPath, { recursive: true });
    watch.clock.advance(60_000);
    const { attributes } = emitted(watch, 'otel-runtime-kit')[samplerMetricDefinitions.errors.name] ?? {};
    expect(attributes?.['vitals.reading']).to.deep.equal([...FD_READINGS].sort());
    expect(attributes?.['error.type']).to.deep.equal(['ENOENT', 'UnexpectedContentError', '_OTHER']);
    expect(ERROR_TYPES).to.include.members(attributes?.['error.type'] ?? ['none']);
  });
});
