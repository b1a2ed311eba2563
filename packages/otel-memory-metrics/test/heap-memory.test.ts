import { expect } from 'chai';
import v8 from 'node:v8';
import { readHeap } from '../src/heap-memory.js';
import { ownV8Memory } from '../src/v8-memory.js';
import { FakeV8, MIB, systemError } from './fixtures/fake-v8.js';
import { linux, workshop } from './fixtures/memory-rig.js';

describe('readHeap', () => {
  it('gives each number of V8 its name', () => {
    const heap = readHeap(new FakeV8(), 3 * MIB);
    expect(heap).to.deep.equal({
      usedBytes: 40 * MIB,
      sizeBytes: 60 * MIB,
      limitBytes: 1_000 * MIB,
      utilization: 0.04,
      externalBytes: 8 * MIB,
      arrayBufferBytes: 3 * MIB,
      nativeContexts: 2,
      detachedContexts: 1,
      spaces: {
        new_space: {
          usedBytes: 1 * MIB,
          sizeBytes: 2 * MIB,
          availableBytes: 3 * MIB,
          physicalBytes: 4 * MIB,
        },
        old_space: {
          usedBytes: 10 * MIB,
          sizeBytes: 20 * MIB,
          availableBytes: 30 * MIB,
          physicalBytes: 40 * MIB,
        },
      },
    });
    expect(heap).to.be.frozen;
    expect(heap.spaces).to.be.frozen;
    expect(heap.spaces['new_space']).to.be.frozen;
  });

  it('agrees with what process.memoryUsage() says of this isolate, and its spaces with their sums', () => {
    const before = process.memoryUsage();
    const heap = readHeap(ownV8Memory, ownV8Memory.arrayBufferBytes());
    const after = process.memoryUsage();
    // What was collected is given back in the background: between two readings it may become less.
    const expectBetween = (bytes: number | null, name: keyof NodeJS.MemoryUsage, slack: number): void => {
      const [low, high] = [Math.min(before[name], after[name]), Math.max(before[name], after[name])];
      expect(bytes, name).to.be.within(low - slack, high + slack);
    };
    expectBetween(heap.usedBytes, 'heapUsed', MIB);
    expectBetween(heap.sizeBytes, 'heapTotal', MIB);
    expectBetween(heap.externalBytes, 'external', MIB / 4);
    expectBetween(heap.arrayBufferBytes, 'arrayBuffers', MIB / 4);
    expect(heap.limitBytes).to.equal(v8.getHeapStatistics().heap_size_limit);
    const sum = (read: (space: (typeof heap.spaces)[string]) => number): number =>
      Object.values(heap.spaces).reduce((total, space) => total + read(space), 0);
    expect(sum(space => space.sizeBytes)).to.be.closeTo(heap.sizeBytes, MIB);
    expect(sum(space => space.usedBytes)).to.be.closeTo(heap.usedBytes, MIB);
  });
});

describe('the heap', () => {
  const { rig } = workshop();

  it('is reported with each of its spaces', () => {
    const watch = rig({ heapSpaceDetails: true }).start();
    const space = (name: string, of: string): number | undefined =>
      watch.value(name, { 'v8js.heap.space.name': of });
    expect(watch.value('vitals.heap.used')).to.equal(40 * MIB);
    expect(watch.value('vitals.heap.size')).to.equal(60 * MIB);
    expect(watch.value('vitals.heap.limit')).to.equal(1_000 * MIB);
    expect(watch.value('vitals.heap.utilization')).to.equal(0.04);
    expect(watch.value('vitals.memory.external')).to.equal(8 * MIB);
    expect(watch.value('vitals.memory.array_buffers')).to.equal(3 * MIB);
    expect(watch.value('vitals.heap.context.count', { 'vitals.context.state': 'native' })).to.equal(2);
    expect(watch.value('vitals.heap.context.count', { 'vitals.context.state': 'detached' })).to.equal(1);
    expect(space('v8js.memory.heap.used', 'new_space')).to.equal(1 * MIB);
    expect(space('v8js.memory.heap.used', 'old_space')).to.equal(10 * MIB);
    expect(space('v8js.memory.heap.space.size', 'old_space')).to.equal(20 * MIB);
    expect(space('v8js.memory.heap.space.available_size', 'old_space')).to.equal(30 * MIB);
    expect(space('v8js.memory.heap.space.physical_size', 'old_space')).to.equal(40 * MIB);
  });

  it('has every space that this V8 has, and no other', () => {
    const watch = rig({}, linux()).start();
    const names = watch.provider
      .collect()
      .filter(({ name }) => name === 'v8js.memory.heap.used')
      .map(({ attributes }) => attributes['v8js.heap.space.name']);
    expect(names).to.deep.equal(v8.getHeapSpaceStatistics().map(space => space.space_name));
  });

  it('leaves the details of spaces out unless they are wanted, and v8js.* if they are left to another', () => {
    const v8js = (names: readonly string[]): string[] => names.filter(name => name.startsWith('v8js.'));
    expect(v8js(rig().start().names)).to.deep.equal(['v8js.memory.heap.space.size', 'v8js.memory.heap.used']);
    const none = rig({ v8js: false, heapSpaceDetails: true }).start();
    expect(v8js(none.names)).to.deep.equal([]);
    expect(none.value('vitals.heap.used')).to.equal(40 * MIB);
  });

  it('is read with every sample, array buffers with every third', () => {
    const watch = rig().start();
    const ticks = (reading: string): number | undefined =>
      watch.value('vitals.sampler.ticks', { 'vitals.reading': reading });
    for (let sample = 1; sample <= 12; sample += 1) {
      watch.v8.usedBytes += MIB;
      watch.v8.arrayBuffers = sample * MIB;
      watch.clock.advance(5_000);
      expect(watch.snapshot.heap?.usedBytes).to.equal((40 + sample) * MIB);
      const read = sample < 3 ? 3 : 3 * Math.floor(sample / 3);
      expect(watch.snapshot.heap?.arrayBufferBytes).to.equal(read * MIB);
    }
    expect(ticks('memory.heap')).to.equal(13);
    expect(ticks('memory.array_buffers')).to.equal(5);
  });

  it('has array buffers read every third sample, every 15 seconds, or with every sample, whatever is longest', () => {
    for (const [sampleIntervalMillis, readsInTwoMinutes] of [
      [1_000, 1 + 40],
      [10_000, 1 + 8],
      [60_000, 1 + 2],
    ] as const) {
      const watch = rig({ sampleIntervalMillis }).start();
      watch.clock.advance(120_000);
      expect(
        watch.value('vitals.sampler.ticks', { 'vitals.reading': 'memory.array_buffers' }),
        `${sampleIntervalMillis}`,
      ).to.equal(readsInTwoMinutes);
    }
  });

  it('is told without array buffers when no descriptor is left to read those, which comes back', () => {
    const watch = rig().start();
    watch.v8.arrayBuffers = systemError('EMFILE');
    watch.clock.advance(30_000);
    expect(watch.snapshot.heap).to.include({ usedBytes: 40 * MIB, arrayBufferBytes: null });
    expect(watch.value('vitals.memory.array_buffers')).to.equal(undefined);
    expect(watch.value('vitals.memory.external')).to.equal(8 * MIB);
    expect(watch.errors()).to.deep.equal({ 'memory.array_buffers:EMFILE': 2 });
    watch.v8.arrayBuffers = 5 * MIB;
    watch.clock.advance(15_000);
    expect(watch.value('vitals.memory.array_buffers')).to.equal(5 * MIB);
  });

  it('that V8 does not tell fails alone', () => {
    const watch = rig().start();
    watch.v8.failure = new TypeError('no statistics today');
    watch.clock.advance(5_000);
    expect(watch.snapshot).to.include({ heap: null, nativeBytes: null });
    expect(watch.snapshot.timeToLimitSeconds.heap).to.equal(604_800);
    expect(watch.value('process.memory.usage')).to.equal(100 * MIB);
    expect(watch.provider.collect().filter(({ name }) => /heap|native|external/.test(name))).to.deep.equal(
      [],
    );
    expect(watch.errors()).to.deep.equal({ 'memory.heap:TypeError': 1 });
  });
});
