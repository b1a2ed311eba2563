import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import { ERROR_TYPES } from 'otel-runtime-kit/sampling';
import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { declaredRows, emittedRows, emittedSeries } from 'test-helpers/metric-rows';
import { skipBecause } from 'test-helpers/skip-because';
import { CONNECTION_STATES } from '../src/connection-states.js';
import { FD_KINDS } from '../src/descriptor-kind.js';
import { FD_READINGS, metricDefinitions } from '../src/metric-definitions.js';
import { tcpLine, tcpTable } from './fixtures/tcp-table.js';
import type { WatchRig } from './fixtures/watch-rig.js';
import { LINUX, workshop } from './fixtures/watch-rig.js';

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
    expect(emittedRows(everything().provider, 'otel-fd-watch')).to.deep.equal(
      declaredRows(Object.values(metricDefinitions)),
    );
  });

  it('are emitted so by the real procfs too', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const watch = rig(ALL_ON, LINUX).start();
    watch.clock.advance(120_000);
    expect(emittedRows(watch.provider, 'otel-fd-watch')).to.deep.equal(
      declaredRows(Object.values(metricDefinitions)),
    );
  });

  it('have a value for every set of attributes, each once', () => {
    const series = emittedSeries(everything().provider);
    expect(new Set(series).size).to.equal(series.length);
    // Four plain ones, two limits, and what is listed.
    expect(series).to.have.lengthOf(4 + 2 + FD_KINDS.length + CONNECTION_STATES.length);
  });

  it('say which readings there are', () => {
    const watch = everything();
    const rows = emittedRows(watch.provider, 'otel-runtime-kit');
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
    const { attributes } =
      emittedRows(watch.provider, 'otel-runtime-kit')[samplerMetricDefinitions.errors.name] ?? {};
    expect(attributes?.['vitals.reading']).to.deep.equal([...FD_READINGS].sort());
    expect(attributes?.['error.type']).to.deep.equal(['ENOENT', 'UnexpectedContentError', '_OTHER']);
    expect(ERROR_TYPES).to.include.members(attributes?.['error.type'] ?? ['none']);
  });
});
