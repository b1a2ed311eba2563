import { samplerMetricDefinitions } from 'otel-runtime-kit/otel';
import { expect } from 'chai';
import v8 from 'node:v8';
import { declaredRows, emittedRows, emittedSeries } from 'test-helpers/metric-rows';
import { skipBecause } from 'test-helpers/skip-because';
import { HEAP_SPACES, MEMORY_READINGS, metricDefinitions } from '../src/metric-definitions.js';
import { FakeV8, MIB, systemError } from './fixtures/fake-v8.js';
import type { MemoryRig } from './fixtures/memory-rig.js';
import { linux, workshop } from './fixtures/memory-rig.js';

/** Has every heap space that any Node.js has. */
class EverySpaceV8 extends FakeV8 {
  override heapSpaces(): ReturnType<FakeV8['heapSpaces']> {
    const [space] = super.heapSpaces();
    return HEAP_SPACES.map(name => ({ ...space!, space_name: name }));
  }
}

const ALL_ON = { heapSpaceDetails: true, trendWindowMillis: 60_000 };

describe('metric definitions', () => {
  const { rig, rigOn, machine: newMachine } = workshop();

  function grow(watch: MemoryRig): MemoryRig {
    for (let tick = 0; tick < 12; tick += 1) {
      watch.gc.major(watch.clock.nowMillis(), tick * MIB);
      watch.clock.advance(5_000);
    }
    return watch;
  }

  function everything(): MemoryRig {
    const machine = newMachine().v2Container({ 'memory.max': 500 * MIB });
    return grow(rigOn(machine, ALL_ON, { v8: new EverySpaceV8() }).start());
  }

  it('are emitted, each with its kind, unit, attributes and all of their values; and nothing else is', () => {
    expect(emittedRows(everything().provider, 'otel-memory-metrics')).to.deep.equal(
      declaredRows(Object.values(metricDefinitions)),
    );
  });

  it('are emitted so by the real /proc and V8 too, but for the container and for spaces of other versions', function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const own = v8.getHeapSpaceStatistics().map(space => space.space_name);
    expect(HEAP_SPACES).to.include.members(own);
    const expected = declaredRows(
      Object.values(metricDefinitions).filter(({ name }) => !name.includes('container')),
    );
    for (const row of Object.values(expected)) {
      if ('v8js.heap.space.name' in row.attributes) row.attributes['v8js.heap.space.name'] = own.sort();
    }
    expected['vitals.memory.time_to_limit']!.attributes['vitals.memory.limit'] = ['heap', 'host'];
    const watch = grow(rig({ ...ALL_ON, containerMetrics: false }, linux()).start());
    expect(emittedRows(watch.provider, 'otel-memory-metrics')).to.deep.equal(expected);
  });

  it('have a value for every set of attributes, each once', () => {
    const series = emittedSeries(everything().provider);
    expect(new Set(series).size).to.equal(series.length);
    // 16 plain ones; 3 kinds, 2 contexts, 4 events, 2 scopes, 4 signals, 3 limits; 4 of each space.
    expect(series).to.have.lengthOf(16 + 3 + 2 + 4 + 2 + 4 + 3 + 4 * HEAP_SPACES.length);
  });

  it('say which readings there are', () => {
    const rows = emittedRows(everything().provider, 'otel-runtime-kit');
    for (const { name } of [samplerMetricDefinitions.time, samplerMetricDefinitions.ticks]) {
      const readings = rows[name]?.attributes['vitals.reading']?.filter(each => !each.startsWith('gc.'));
      expect(readings).to.deep.equal([...MEMORY_READINGS].sort());
    }
    expect(rows[samplerMetricDefinitions.errors.name]?.attributes).to.deep.equal({});
  });

  it('say which readings can fail', () => {
    const machine = newMachine().v2Container({ 'memory.max': 500 * MIB });
    const watch = rigOn(machine).start();
    for (const file of ['proc/self/status', 'proc/meminfo', 'cgroup/memory.max']) machine.write(file, '');
    watch.v8.failure = new Error('no type that is listed');
    watch.v8.arrayBuffers = systemError('EMFILE');
    watch.clock.advance(15_000);
    expect(watch.errors()).to.deep.equal({
      'memory.process:UnexpectedContentError': 3,
      'memory.heap:_OTHER': 3,
      'memory.array_buffers:EMFILE': 1,
      'memory.container:UnexpectedContentError': 3,
      'memory.host:UnexpectedContentError': 1,
    });
  });
});
